// What must not compile. Each `@ts-expect-error` is an error itself where the compiler finds nothing wrong.

import { actOn, type Problem, type Schemas, type Trm } from "./client.js";

export async function wrong(trm: Trm, referral: Schemas["Referral"], problem: Problem, tag: string) {
  const path = { id: referral.id };
  const body: Schemas["AcceptReferral"] = { worker: "Duty worker", firstAppointmentOn: "2026-12-01" };

  // @ts-expect-error a path that is not there
  await trm.GET("/v1/referral/{id}", { params: { path } });
  // @ts-expect-error a method that is not there
  await trm.DELETE("/v1/referrals/{id}", { params: { path } });
  // @ts-expect-error an act without the ETag that it was decided on
  await trm.POST("/v1/referrals/{id}/accept", { params: { path, header: { "Idempotency-Key": "1" } }, body });
  // @ts-expect-error a creation without its key
  await trm.POST("/v1/concerns", { body: { description: "A child begs.", danger: true } });
  // @ts-expect-error a parameter that is not there
  await trm.GET("/v1/referrals", { params: { query: { state: "sent" } } });
  // @ts-expect-error a value that is not in the list
  await trm.GET("/v1/referrals", { params: { query: { status: "acepted" } } });
  await trm.POST("/v1/referrals/{id}/accept", {
    params: { path, header: actOn(tag) },
    // @ts-expect-error a misspelt member
    body: { worker: body.worker, firstApointmentOn: "2026-12-01" },
  });
  // openapi-fetch lets an additional member pass; `satisfies` does not.
  // @ts-expect-error a misspelt member that is optional
  const misspelt = { description: "A child begs.", locaton: "Market" } satisfies Schemas["CreateConcern"];
  // @ts-expect-error an optional member is left out, never undefined
  const absent: Schemas["CreateConcern"] = { description: "A child begs.", location: undefined };
  // @ts-expect-error nor is it null
  const cleared: Schemas["CreateConcern"] = { description: "A child begs.", location: null };
  // A merge patch may clear a member.
  const patch: Schemas["WhereaboutsPatch"] = { address: null };

  // @ts-expect-error a misspelt member of an answer
  const status = referral.statuss;
  // @ts-expect-error a status that does not exist
  const accepted = referral.status === "acepted";
  // @ts-expect-error a code that does not exist
  const stale = problem.code === "stale-versoin";
  // @ts-expect-error there may be no violation
  const rule = problem.violations[0].rule;
  // @ts-expect-error what is not shared with this reader is absent
  const name: string = referral.content.child.givenName;
  return [misspelt, absent, cleared, patch, status, accepted, stale, rule, name];
}
