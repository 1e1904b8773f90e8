// The conventions of the API as Spectral rules, over and above spectral:oas and the OWASP ruleset.
// Each check gets the resolved document (`$ref`s replaced) unless the rule says `resolved: false`.

const {
  JSON_TYPE,
  PROBLEM_TYPE,
  MERGE_PATCH_TYPE,
  READ_BY_POST,
  VERBS,
  isObject,
  eachOperation,
  eachSchema,
  isOfRequest,
  members,
  header,
  query,
  isPublic,
  isVersioned,
  answerOf,
  isList,
  documentsHeader,
  storesSomething,
} = require("./document.js");

/** What a free-text parameter would let through: the name of a person. */
const A_NAME = "Mari Maasikas";

module.exports = {
  rules: {
    "trm-path": eachOperation(
      "Paths are kebab-case without a trailing slash; what needs a token is versioned.",
      function* (each, document) {
        const segments = each.path.split("/").slice(1);
        for (const segment of segments) {
          if (!/^(\.?[a-z0-9]+([-.][a-z0-9]+)*|\{[a-z][a-zA-Z0-9]*\})$/.test(segment) && each.path !== "/") {
            yield `path segment "${segment}" is neither kebab-case nor a camelCase parameter`;
          }
        }
        if (!isPublic(each, document) && !isVersioned(each.path))
          yield "an operation that needs a token lives under /v1";
      },
    ),

    "trm-query": eachOperation(
      "Query parameters are camelCase, typed and carry no free text.",
      function* ({ parameters }) {
        for (const parameter of parameters.filter((p) => p.in === "query")) {
          const schema = parameter.schema?.type === "array" ? parameter.schema.items : parameter.schema;
          if (!/^[a-z][a-zA-Z0-9]*$/.test(parameter.name))
            yield `query parameter ${parameter.name} is not camelCase`;
          if (schema?.type !== "string" || schema.enum || schema.const !== undefined || schema.format)
            continue;
          if (!schema.pattern || new RegExp(schema.pattern, "u").test(A_NAME)) {
            yield `query parameter ${parameter.name} lets free text into a URL: give it an enum, a format or a narrower pattern`;
          }
        }
      },
    ),

    "trm-operation-id": eachOperation(
      "operationId is a camelCase verb and noun that fits the method.",
      function* ({ method, operation }) {
        const verb = /^([a-z]+)(?:[A-Z0-9][a-zA-Z0-9]*)$/.exec(operation.operationId ?? "")?.[1];
        if (!verb) yield "operationId is not a camelCase verb and noun";
        else if (VERBS[method] && !VERBS[method].test(verb))
          yield `"${verb}" is not a verb for ${method.toUpperCase()}`;
        else if (method === "post" && /^(get|list|update)$/.test(verb))
          yield `"${verb}" is not a verb for POST`;
      },
    ),

    "trm-scope": eachOperation(
      "An operation names its scope or says that it is public.",
      function* (each, document) {
        const scope = each.operation["x-required-scope"];
        const named = [scope].flat().every((name) => typeof name === "string" && name !== "");
        if (isPublic(each, document) ? scope !== undefined : !named) {
          yield "either x-required-scope, or public through `security`, and not both";
        }
      },
    ),

    "trm-problem": eachOperation(
      "Every refusal is documented as application/problem+json.",
      function* ({ path, operation }) {
        const refusals = Object.entries(operation.responses ?? {}).filter(([status]) =>
          /^[45]|default/.test(status),
        );
        if (!refusals.some(([status]) => status.startsWith("4"))) yield ["no 4xx answer", "responses"];
        for (const [status, response] of refusals) {
          const types = Object.keys(response.content ?? {});
          // RFC 6749 prescribes its own error object at the token endpoint.
          const allowed = path.startsWith("/oauth/") ? [PROBLEM_TYPE, JSON_TYPE] : [PROBLEM_TYPE];
          if (
            types.length === 0 ||
            types.some((type) => !allowed.includes(type) || !response.content[type].schema)
          ) {
            yield [`${status} is not application/problem+json with a schema`, "responses", status];
          }
        }
      },
    ),

    "trm-refusals-complete": eachOperation(
      "An operation documents each refusal that its inputs make possible.",
      function* (each, document) {
        const { operation, parameters } = each;
        const expected = new Set();
        const expect = (condition, ...statuses) =>
          condition && statuses.forEach((status) => expected.add(status));
        expect(!isPublic(each, document), "401", "403");
        expect(
          parameters.some((p) => p.in === "path"),
          "404",
        );
        expect(
          parameters.some((p) => p.in === "query"),
          "400",
        );
        expect(operation.requestBody, "400", "413", "415", "422");
        expect(header(parameters, "Idempotency-Key"), "400", "409", "422");
        expect(header(parameters, "If-Match"), "400", "412", "428");
        if (each.path.startsWith("/oauth/")) expected.delete("422");
        const missing = [...expected].filter((status) => !operation.responses?.[status]).sort();
        if (missing.length > 0) yield [`no ${missing.join(", ")} answer`, "responses"];
      },
    ),

    "trm-idempotency-key": eachOperation(
      "Idempotency-Key is required on each POST that stores something.",
      function* (each) {
        const key = header(each.parameters, "Idempotency-Key");
        const wanted = each.method === "post" && !READ_BY_POST.test(each.path);
        if (wanted && key?.required !== true) yield "needs a required Idempotency-Key header";
        if (!wanted && key) yield "has no use for Idempotency-Key";
      },
    ),

    "trm-if-match": eachOperation(
      "If-Match is required to change what exists.",
      function* ({ method, parameters }) {
        const tag = header(parameters, "If-Match");
        // What is put is built upon nothing that the caller saw.
        if (method === "patch" && !tag) yield "changes a resource without If-Match";
        if (tag && tag.required !== true) yield "If-Match is not marked as required";
      },
    ),

    "trm-etag": eachOperation(
      "A single resource has an ETag and can answer 304; a created one has its Location.",
      function* ({ path, method, operation, parameters }) {
        if (!isVersioned(path)) return;
        if (method === "get" && answerOf(operation, "200") && !isList(operation)) {
          if (!documentsHeader(operation.responses["200"], "ETag"))
            yield ["200 documents no ETag", "responses", "200"];
          if (!operation.responses["304"]) yield ["no 304 answer", "responses"];
          if (!header(parameters, "If-None-Match")) yield "takes no If-None-Match";
        }
        for (const name of operation.responses?.["201"] ? ["ETag", "Location"] : []) {
          if (!documentsHeader(operation.responses["201"], name))
            yield [`201 documents no ${name}`, "responses", "201"];
        }
      },
    ),

    "trm-list": eachOperation(
      "Lists hold data and nextCursor and take a bounded limit.",
      function* ({ path, method, operation, parameters }) {
        if (!isVersioned(path)) return;
        const answer = members(answerOf(operation, "200"));
        const listed =
          method === "get" && (isList(operation) || /^list[A-Z]/.test(operation.operationId ?? ""));
        // A search over people answers hits, which are few and have no pages.
        if (!listed) return;
        if (answer.data?.type !== "array" || !(answer.data.maxItems <= 200))
          yield ["the answer has no array `data` of at most 200 items", "responses", "200"];
        if (answer.nextCursor?.type !== "string")
          yield ["the answer has no string `nextCursor`", "responses", "200"];
        const limit = query(parameters, "limit")?.schema;
        const cursor = (query(parameters, "cursor") ?? query(parameters, "after"))?.schema;
        if (limit?.minimum !== 1 || limit.maximum !== 200 || limit.default !== 50)
          yield "`limit` is not 1 to 200 with default 50";
        if (cursor?.type !== "string") yield "takes neither `cursor` nor `after`";
        if (!documentsHeader(operation.responses?.["200"], "Link"))
          yield ["200 documents no Link header", "responses", "200"];
      },
    ),

    "trm-dry-run": eachOperation("Every write can be tried with validateOnly.", function* (each) {
      // Trying it would show a case and tell nobody.
      if (each.operation.operationId === "createEmergencyAccess") return;
      if (storesSomething(each) && query(each.parameters, "validateOnly")?.schema?.type !== "boolean")
        yield "takes no boolean `validateOnly`";
    }),

    "trm-patch": eachOperation("PATCH takes a JSON merge patch.", function* ({ method, operation }) {
      if (method === "patch" && Object.keys(operation.requestBody?.content ?? {}).join() !== MERGE_PATCH_TYPE)
        yield `the body is not ${MERGE_PATCH_TYPE}`;
    }),

    "trm-example": eachOperation(
      "Every request has an example that can be executed.",
      function* ({ operation, parameters }) {
        for (const [type, media] of Object.entries(operation.requestBody?.content ?? {})) {
          if (media.example === undefined && !Object.keys(media.examples ?? {}).length)
            yield [`no example of the ${type} body`, "requestBody", "content", type];
        }
        for (const parameter of parameters.filter((p) => p.required || p.in === "query")) {
          const schema = parameter.schema ?? {};
          const known = [
            parameter.example,
            parameter.examples,
            schema.example,
            schema.examples,
            schema.default,
            schema.enum,
            schema.const,
          ];
          if (schema.type !== "boolean" && known.every((value) => value === undefined))
            yield `parameter ${parameter.name} has no example`;
        }
      },
    ),

    "trm-no-null": {
      description: "There is no null in the document, as a value or as `nullable`.",
      message: "{{error}}",
      severity: "error",
      resolved: false,
      given: "$",
      then: {
        function: (document) => {
          const findings = [];
          const walk = (node, at) => {
            if (node === null) findings.push({ message: "null value", path: at });
            else if (Array.isArray(node)) node.forEach((inner, index) => walk(inner, [...at, index]));
            else if (typeof node === "object") {
              if ("nullable" in node && at.at(-1) !== "properties")
                findings.push({ message: "`nullable` is not OpenAPI 3.1", path: [...at, "nullable"] });
              for (const [key, inner] of Object.entries(node)) walk(inner, [...at, key]);
            }
          };
          walk(document, []);
          return findings;
        },
      },
    },

    "trm-nullable-only-in-patch": eachSchema(
      "`null` is a type only where a merge patch may clear a member.",
      function* (schema, place) {
        const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
        if (variants.some((variant) => [variant?.type].flat().includes("null")))
          yield "anyOf or oneOf with null";
        if (schema.type === "null") yield "a schema that is only null";
        if (
          Array.isArray(schema.type) &&
          schema.type.includes("null") &&
          !isOfRequest(place, MERGE_PATCH_TYPE)
        ) {
          yield "nullable outside a merge patch";
        }
      },
    ),

    "trm-parameter-not-nullable": {
      description: "Parameters and headers are never nullable.",
      message: "{{error}}",
      severity: "error",
      given: [
        "$.paths[*][*].parameters[*].schema",
        "$.components.parameters[*].schema",
        "$.components.headers[*].schema",
        "$.paths[*][*].responses[*].headers[*].schema",
      ],
      then: {
        function: (schema) =>
          [schema?.type].flat().includes("null") ? [{ message: "nullable parameter or header" }] : [],
      },
    },

    "trm-member-camel-case": eachSchema(
      "Members are camelCase, unless another standard names them (x-external-standard).",
      function* (schema, { root }) {
        if (schema["x-external-standard"] || root.schema?.["x-external-standard"]) return;
        for (const name of Object.keys(schema.properties ?? {})) {
          if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) yield `member ${name} is not camelCase`;
        }
      },
    ),

    "trm-request-closed": eachSchema(
      "Objects in requests refuse unknown members.",
      function* (schema, place) {
        // Parts of an allOf cannot be closed by themselves: the whole says unevaluatedProperties.
        const isPart = place.at.includes("allOf");
        if (!schema.properties || isPart || !isOfRequest(place)) return;
        if (schema.additionalProperties !== false && schema.unevaluatedProperties !== false)
          yield "a request object that accepts unknown members";
      },
    ),

    "trm-bounded": eachSchema("Strings, arrays, numbers and maps have limits.", function* (schema) {
      const types = [schema.type].flat();
      const is = (type) => types.includes(type);
      if (is("string") && [schema.maxLength, schema.enum, schema.const].every((limit) => limit === undefined))
        yield "string without maxLength, enum or const";
      if (is("array") && schema.maxItems === undefined) yield "array without maxItems";
      if (is("number") && (schema.minimum ?? schema.exclusiveMinimum ?? schema.enum) === undefined)
        yield "number without a minimum";
      if (is("number") && (schema.maximum ?? schema.exclusiveMaximum ?? schema.enum) === undefined)
        yield "number without a maximum";
      if (isObject(schema.additionalProperties) && schema.maxProperties === undefined)
        yield "map without maxProperties";
    }),
  },
};
