"""The contract as the other scripts see it: operations with their references resolved, examples, schemas."""

import re
from dataclasses import dataclass
from functools import cached_property

import jsonschema_rs
import yaml

METHODS = ("get", "post", "put", "patch", "delete")
PARAMETER = re.compile(r"\{([^}]+)\}")
PROBLEM_TYPE = "application/problem+json"


class JsonLoader(yaml.CSafeLoader):
    """Reads YAML as JSON would be read: a date stays a string, `NO` is a country and not a boolean."""


JsonLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
JsonLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def pluralised_kebab(name):
    """The collection that a member or parameter such as `jointMeeting` belongs to: `joint-meetings`."""
    kebab = re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name).lower()
    if kebab.endswith("y") and kebab[-2:-1] not in "aeiou":
        return kebab[:-1] + "ies"
    return kebab + ("es" if kebab.endswith(("s", "x", "ch", "sh")) else "s")


def examples_of(node):
    """The examples of a media type or parameter by name; of its schema when it has none of its own."""
    if "examples" in node:
        return {name: example["value"] for name, example in node["examples"].items()}
    if "example" in node:
        return {"example": node["example"]}
    schema = node.get("schema", {})
    if "example" in schema:
        return {"example": schema["example"]}
    if schema.get("examples"):
        return {f"example{index}": value for index, value in enumerate(schema["examples"])}
    for key in ("const", "default"):
        if key in schema:
            return {key: schema[key]}
    if schema.get("enum"):
        return {"first": schema["enum"][0]}
    return {"true": True} if schema.get("type") == "boolean" else {}


@dataclass
class Operation:
    """One operation, its parameters, body and responses without references."""

    contract: "Contract"
    method: str
    path: str
    definition: dict
    parameters: list

    @property
    def id(self):
        return self.definition["operationId"]

    @property
    def is_safe(self):
        """Whether it stores nothing: a GET, or a search by POST, which takes no Idempotency-Key."""
        return self.method == "get" or (self.method == "post" and not self.header("Idempotency-Key"))

    @property
    def is_public(self):
        security = self.definition.get("security", self.contract.document.get("security", []))
        return not security or {} in security

    @property
    def collection(self):
        """The part of the path before its last parameter, and that parameter's name; None without parameters."""
        *_, last = [None, *PARAMETER.finditer(self.path)]
        return last and (self.path[: last.start()].rstrip("/"), last.group(1))

    @cached_property
    def request_media(self):
        """Media types of the request body."""
        return self.contract.resolve(self.definition.get("requestBody", {})).get("content", {})

    @cached_property
    def responses(self):
        """Responses by status, as documented."""
        return {
            str(status): self.contract.resolve(response) for status, response in self.definition["responses"].items()
        }

    @property
    def successes(self):
        return {status: response for status, response in self.responses.items() if status.startswith("2")}

    @property
    def is_list(self):
        schema = self.responses.get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        return self.method == "get" and "data" in self.contract.members(schema)

    @property
    def links(self):
        """Its links as documented, by (status, name)."""
        return {
            (status, name): link
            for status, response in self.responses.items()
            for name, link in response.get("links", {}).items()
        }

    def header(self, name):
        """The header parameter of this name, whatever its case."""
        return next((p for p in self.located("header") if p["name"].lower() == name.lower()), None)

    def located(self, place):
        """The parameters in the path, query or header."""
        return [parameter for parameter in self.parameters if parameter["in"] == place]

    def validator(self, status, media_type):
        """The validator of the documented answer, or None where the document gives no schema."""
        media = self.responses[status].get("content", {}).get(media_type, {})
        return self.contract.validator(media["schema"]) if "schema" in media else None


class Contract:
    """openapi.yaml."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.document = yaml.load(file, JsonLoader)
        self.operations = {operation.id: operation for operation in self._operations()}

    def _operations(self):
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    definition = item[method]
                    named = item.get("parameters", []) + definition.get("parameters", [])
                    yield Operation(self, method, path, definition, [self.resolve(parameter) for parameter in named])

    def resolve(self, node):
        """The node, or what its reference points to."""
        while "$ref" in node:
            target = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def at(self, method, path):
        """The operation with this method and path template, or None."""
        return next((each for each in self.operations.values() if (each.method, each.path) == (method, path)), None)

    def members(self, schema):
        """Names of the members that a schema documents, all of its variants taken together."""
        schema = self.resolve(schema)
        names = set(schema.get("properties", {}))
        for variant in [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]:
            names |= self.members(variant)
        return names

    def _variants(self, schema):
        schema = self.resolve(schema)
        yield schema
        for variant in [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]:
            yield from self._variants(variant)

    def undocumented(self, value, schemas, at=""):
        """JSON pointers of the members of `value` that none of the schemas (or their variants) documents."""
        variants = [variant for schema in schemas for variant in self._variants(schema)]
        if isinstance(value, list):
            items = [variant["items"] for variant in variants if "items" in variant]
            for index, item in enumerate(value if items else []):
                yield from self.undocumented(item, items, f"{at}/{index}")
        elif isinstance(value, dict):
            maps = [v["additionalProperties"] for v in variants if isinstance(v.get("additionalProperties"), dict)]
            is_open = any(v.get("additionalProperties") is True or "patternProperties" in v for v in variants)
            if is_open or not any("properties" in variant or maps for variant in variants):
                return
            for name, inner in value.items():
                known = [v["properties"][name] for v in variants if name in v.get("properties", {})] or maps
                if known:
                    yield from self.undocumented(inner, known, f"{at}/{name}")
                else:
                    yield f"{at}/{name}"

    def validator(self, schema):
        """A JSON Schema 2020-12 validator, formats included, that knows the document's components."""
        whole = {"allOf": [schema], "components": self.document.get("components", {})}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    def tag_source(self, operation):
        """The GET whose ETag an If-Match of this operation means: the nearest single resource up the path."""
        path = operation.path
        while path:
            read = self.at("get", path)
            if read and any(name.lower() == "etag" for name in read.responses.get("200", {}).get("headers", {})):
                return read
            path = path.rpartition("/")[0]
        return None
