"""Checks one answer of the node against what the contract documents for it."""

import json
from contextlib import suppress

# Headers that are always sent where they are documented; others depend on the request or the configuration.
ALWAYS = ("etag", "location", "api-version", "request-id")
SHOWN_ERRORS = 3


def nulls(value, at=""):
    """JSON pointers of nulls: what is not recorded is absent."""
    if value is None:
        yield at or "/"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from nulls(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from nulls(inner, f"{at}/{index}")


def describe(response):
    """A refusal in one line: status, code, detail, violations."""
    try:
        problem = response.json()
    except ValueError:
        return f"{response.status_code} {response.text[:200]!r}"
    if not isinstance(problem, dict):
        return f"{response.status_code} {response.text[:200]!r}"
    violations = "; ".join(
        f"{each.get('pointer', '')} {each.get('code', '')} {each.get('message', '')} {each.get('rule', '')}".strip()
        for each in problem.get("violations", [])
    )
    words = [problem.get("code") or problem.get("error"), problem.get("detail"), violations]
    return " · ".join(str(word) for word in [response.status_code, *words] if word)


def wrong_headers(operation, documented, response):
    """Documented headers that are missing or do not have the documented form."""
    for name, header in documented.get("headers", {}).items():
        header = operation.contract.resolve(header)
        value = response.headers.get(name)
        if value is None:
            if header.get("required") or name.lower() in ALWAYS:
                yield f"header {name} is missing"
            continue
        schema = operation.contract.resolve(header.get("schema", {}))
        if schema.get("type") in ("integer", "number", "boolean"):
            with suppress(ValueError):
                value = json.loads(value)
        for error in operation.contract.validator(schema).iter_errors(value):
            yield f"header {name}: {error.message}"


def wrong_body(operation, status, documented, response):
    """What is wrong with the body, its media type included."""
    content = documented.get("content", {})
    if not content:
        if response.content:
            yield "a body where none is documented"
        return
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in content:
        yield f"media type {media_type or 'missing'} is not documented"
        return
    if media_type != "application/json" and not media_type.endswith("+json"):
        return
    try:
        body = response.json()
    except ValueError:
        yield "the body is not JSON"
        return
    validator = operation.validator(status, media_type)
    if validator is None:
        return
    for error in list(validator.iter_errors(body))[:SHOWN_ERRORS]:
        yield "/" + "/".join(str(part) for part in error.instance_path) + f" {error.message}"
    for pointer in list(operation.contract.undocumented(body, [content[media_type]["schema"]]))[:SHOWN_ERRORS]:
        yield f"{pointer} is not documented"
    for pointer in list(nulls(body))[:SHOWN_ERRORS]:
        yield f"{pointer} is null"


def complaints(operation, response):
    """Everything that keeps the answer from being a documented success of the operation."""
    status = str(response.status_code)
    documented = operation.successes.get(status)
    if documented is None:
        return [f"{'/'.join(operation.successes)} expected, got {describe(response)}"]
    return [*wrong_headers(operation, documented, response), *wrong_body(operation, status, documented, response)]
