// What a frontend team writes once: a client with its token, answers or typed problems, pages, ETags.

import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./generated/contract.js";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];
export type Trm = Client<paths>;

/** A client of a node that sends the token with each request. */
export function connect(baseUrl: string, token: string): Trm {
  const client = createClient<paths>({ baseUrl });
  client.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${token}`);
    },
  });
  return client;
}

/** A refusal, with the problem that the node described. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail ?? problem.title}`);
  }
}

type Answered<T> =
  | { data: T; error?: never; response: Response }
  | { data?: never; error: Problem; response: Response };

/** What was answered, with its ETag; a refusal is thrown. */
export function taken<T>({ data, error, response }: Answered<T>): { value: T; tag: string } {
  if (error !== undefined) throw new Refused(error);
  return { value: data, tag: response.headers.get("ETag") ?? "" };
}

/** The headers of an act: decided on what was read under this ETag, and done once even when it is sent twice. */
export const actOn = (tag: string) => ({ "If-Match": tag, "Idempotency-Key": crypto.randomUUID() });

type ReferralFilter = NonNullable<paths["/v1/referrals"]["get"]["parameters"]["query"]>;

/** Every referral of a list, page after page. */
export async function* referrals(trm: Trm, filter: Omit<ReferralFilter, "cursor">) {
  let place: Pick<ReferralFilter, "cursor"> = {};
  for (;;) {
    const { value: page } = taken(await trm.GET("/v1/referrals", { params: { query: { ...filter, ...place } } }));
    yield* page.data;
    if (page.nextCursor === undefined) return;
    place = { cursor: page.nextCursor };
  }
}

/** What the user is told to do about a refusal. */
export function advice({ code, violations = [], detail }: Problem): string {
  switch (code) {
    case "stale-version":
    case "state-conflict":
      return "It has changed: look at it again.";
    case "rule-refused":
      return violations.map(({ rule, message, remedy }) => `${rule ?? "-"} ${message} ${remedy ?? ""}`).join("\n");
    case "expired-token":
    case "invalid-token":
      return "Sign in again.";
    case "rate-limited":
    case "overloaded":
      return "Try again in a moment.";
    default:
      return detail ?? code;
  }
}
