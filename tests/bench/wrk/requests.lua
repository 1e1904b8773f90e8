-- Sends one kind of request, prepared beforehand so that the generator's own work stays small.
--   KIND   get: PATHS in any order; post: BODIES in any order to TARGET, each with a fresh key;
--          act: each line "id etag" of ACTS once, from the one after SKIP on; collect: PATHS in order, once, tags to TAGS
--   TOKEN  file with the access token
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long s; long us; } bench_time; int gettimeofday(bench_time *, void *); ]]
local kind = os.getenv("KIND")
local prepared, count, sent = {}, 0, 0
local head, tags

-- Read by done() through the thread.
finished_us, taken = 0, 0

local function now_us()
  local t = ffi.new("bench_time")
  ffi.C.gettimeofday(t, nil)
  return tonumber(t.s) * 1000000 + tonumber(t.us)
end

local function lines(name)
  local all = {}
  for line in io.lines(os.getenv(name)) do all[#all + 1] = line end
  return all
end

local threads = {}
function setup(thread) threads[#threads + 1] = thread end

function init(args)
  math.randomseed(tonumber(os.getenv("SEED")))
  local file = os.getenv("TOKEN")
  local authorization = file and { Authorization = "Bearer " .. io.open(file):read("*l") } or {}
  if kind == "get" or kind == "collect" then
    for k, path in ipairs(lines("PATHS")) do prepared[k] = wrk.format("GET", path, authorization) end
    if kind == "collect" then tags = io.open(os.getenv("TAGS"), "w") else response = nil end
  else
    response = nil
    head = "Host: " .. wrk.headers["Host"] .. "\r\nAuthorization: " .. authorization.Authorization
      .. "\r\nContent-Type: application/json\r\nIdempotency-Key: " .. os.getenv("KEYS")
    if kind == "post" then
      for k, body in ipairs(lines("BODIES")) do
        prepared[k] = "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
      end
      head = "POST " .. os.getenv("TARGET") .. " HTTP/1.1\r\n" .. head
    else
      for k, line in ipairs(lines("ACTS")) do prepared[k] = line end
      sent = tonumber(os.getenv("SKIP"))
    end
  end
  count = #prepared
end

-- Nothing is left: the time until here counts, and what is in flight is let go.
local function out_of_work()
  if finished_us == 0 then
    finished_us = now_us()
    wrk.thread:stop()
  end
  return wrk.format("GET", "/livez")
end

function request()
  if kind == "get" then return prepared[math.random(count)] end
  sent = sent + 1
  taken = sent
  if kind == "post" then return head .. sent .. prepared[math.random(count)] end
  if sent > count then
    taken = count
    return out_of_work()
  end
  if kind == "collect" then return prepared[sent] end
  local id, tag = prepared[sent]:match("(%S+) (%S+)")
  return "POST /v1/referrals/" .. id .. "/acknowledge HTTP/1.1\r\n" .. head .. sent .. "\r\nIf-Match: " .. tag
    .. "\r\nContent-Length: 2\r\n\r\n{}"
end

-- Only where answers are collected: it costs the generator what the others should not pay.
function response(status, headers, body)
  if status == 200 then
    local tag
    for name, value in pairs(headers) do if name:lower() == "etag" then tag = value end end
    tags:write(body:match('"id":"([^"]+)"'), " ", tag, "\n")
  end
end

function done(summary, latency, requests)
  local finished = tonumber(threads[1]:get("finished_us"))
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration, finished, now_us(),
    summary.errors.status, failed, latency:percentile(99), threads[1]:get("taken")))
end
