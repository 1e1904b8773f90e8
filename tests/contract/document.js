// What rules.js needs to know of an OpenAPI document: its operations, its schemas, who uses them.

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"];
const JSON_TYPE = "application/json";
const PROBLEM_TYPE = "application/problem+json";
const MERGE_PATCH_TYPE = "application/merge-patch+json";

// Operations whose POST stores nothing, so that a retry needs no key.
const READ_BY_POST = /(^\/oauth\/|\/search$|\/match$)/;

const VERBS = {
  get: /^(get|list|export|preview|download|check|verify|compare|find)$/,
  patch: /^update$/,
  put: /^(replace|put|set)$/,
  delete: /^(delete|remove|revoke|end|withdraw|cancel)$/,
};

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Each operation with its path item's parameters merged in. */
function* operations(document) {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item?.[method];
      if (!isObject(operation)) continue;
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      yield { path, method, operation, parameters, at: ["paths", path, method] };
    }
  }
}

/** A rule that looks at one operation at a time; `check` yields messages or `[message, ...path below it]`. */
function eachOperation(description, check) {
  return {
    description,
    message: "{{error}}",
    severity: "error",
    given: "$",
    then: {
      function: (document) =>
        [...operations(document)].flatMap((each) =>
          [...check(each, document)].map((finding) => {
            const [message, ...below] = [finding].flat();
            return {
              message: `${each.operation.operationId ?? each.path}: ${message}`,
              path: [...each.at, ...below],
            };
          }),
        ),
    },
  };
}

const NESTED = ["items", "additionalProperties", "not", "if", "then", "else", "propertyNames", "contains"];
const NESTED_LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const NESTED_MAPS = ["properties", "patternProperties", "$defs", "dependentSchemas"];

/** A schema and all that it holds, references not followed. */
function* within(schema, at) {
  if (!isObject(schema)) return;
  yield { schema, at };
  for (const key of NESTED) yield* within(schema[key], [...at, key]);
  for (const key of NESTED_LISTS) {
    for (const [index, inner] of (schema[key] ?? []).entries()) yield* within(inner, [...at, key, index]);
  }
  for (const key of NESTED_MAPS) {
    for (const [name, inner] of Object.entries(schema[key] ?? {})) yield* within(inner, [...at, key, name]);
  }
}

/** Where schemas begin in the unresolved document: components, parameters, headers, media types. */
function* schemaRoots(node, at = []) {
  if (Array.isArray(node)) {
    for (const [index, inner] of node.entries()) yield* schemaRoots(inner, [...at, index]);
    return;
  }
  if (!isObject(node)) return;
  for (const [key, inner] of Object.entries(node)) {
    const here = [...at, key];
    if (at.length === 1 && at[0] === "components" && key === "schemas") {
      for (const [name, schema] of Object.entries(inner)) yield { schema, at: [...here, name] };
    } else if (key === "schema") {
      yield { schema: inner, at: here };
    } else if (key !== "example" && key !== "examples") {
      yield* schemaRoots(inner, here);
    }
  }
}

/** A rule that looks at one schema of the unresolved document at a time, each of them once. */
function eachSchema(description, check) {
  return {
    description,
    message: "{{error}}",
    severity: "error",
    resolved: false,
    given: "$",
    then: {
      function: (document) => {
        const state = {};
        return [...schemaRoots(document)].flatMap((root) =>
          [...within(root.schema, root.at)].flatMap(({ schema, at }) =>
            [...check(schema, { at, root, document, state })].map((message) => ({ message, path: at })),
          ),
        );
      },
    },
  };
}

const componentName = (reference) => /^#\/components\/schemas\/(.+)$/.exec(reference)?.[1];

/** Names of the component schemas that these schemas use, directly or not. */
function reachable(document, schemas) {
  const seen = new Set();
  const queue = [...schemas];
  while (queue.length > 0) {
    for (const { schema } of within(queue.pop(), [])) {
      const name = schema.$ref && componentName(schema.$ref);
      if (name && !seen.has(name)) {
        seen.add(name);
        queue.push(document.components.schemas[name]);
      }
    }
  }
  return seen;
}

/** Schemas of the request bodies of the unresolved document, of one media type or of all. */
function requestSchemas(document, mediaType) {
  return [...operations(document)].flatMap(({ operation }) => {
    const reference = operation.requestBody?.$ref?.split("/").pop();
    const body = reference ? document.components.requestBodies[reference] : operation.requestBody;
    return Object.entries(body?.content ?? {})
      .filter(([type]) => mediaType === undefined || type === mediaType)
      .map(([, media]) => media.schema);
  });
}

/** Whether a schema of the unresolved document belongs to a request body of the media type (of any without one). */
function isOfRequest({ at, root, document, state }, mediaType) {
  const key = `request ${mediaType}`;
  state[key] ??= reachable(document, requestSchemas(document, mediaType));
  const [first, second, third] = root.at;
  if (first === "components" && second === "schemas") return state[key].has(third);
  return at.includes("requestBody") && (mediaType === undefined || at.includes(mediaType));
}

/** The members of an object schema, its parts (`allOf`) included. */
function members(schema) {
  return Object.assign({}, schema?.properties, ...(schema?.allOf ?? []).map(members));
}

const header = (parameters, name) =>
  parameters.find((p) => p.in === "header" && p.name?.toLowerCase() === name.toLowerCase());
const query = (parameters, name) => parameters.find((p) => p.in === "query" && p.name === name);
const isPublic = ({ operation }, document) => {
  const security = operation.security ?? document.security ?? [];
  return security.length === 0 || security.some((requirement) => Object.keys(requirement).length === 0);
};
const isVersioned = (path) => /^\/v[1-9][0-9]*\//.test(path);
const answerOf = (operation, status) => operation.responses?.[status]?.content?.[JSON_TYPE]?.schema;
const isList = (operation) => members(answerOf(operation, "200")).data?.type === "array";
const documentsHeader = (response, name) =>
  Object.keys(response?.headers ?? {}).some((known) => known.toLowerCase() === name.toLowerCase());
const storesSomething = ({ path, method }) =>
  isVersioned(path) && ["post", "patch", "put", "delete"].includes(method) && !READ_BY_POST.test(path);

module.exports = {
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
};
