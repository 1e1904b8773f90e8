-- Sends requests of one kind, prepared beforehand so that the generator's own work stays small.
--   KIND   get: PATHS in any order; post: BODIES in any order to TARGET, each with a fresh key;
--          act: each line "id etag" of ACTS once, from the one after SKIP on;
--          collect: PATHS in order, once, tags to TAGS;
--          mix: of each hundred requests 70 of PATHS, 15 of LISTS, 10 of BODIES, 5 of ACTS
--   TOKEN  file with the access token; for a mix LIST_TOKEN and ACT_TOKEN as well
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long s; long us; } bench_time; int gettimeofday(bench_time *, void *); ]]
local kind = os.getenv("KIND")
local tags

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

local function authorized(name)
  local file = os.getenv(name)
  return file and { Authorization = "Bearer " .. io.open(file):read("*l") } or {}
end

local function gets(name, token)
  local all, headers = {}, authorized(token)
  for k, path in ipairs(lines(name)) do all[k] = wrk.format("GET", path, headers) end
  return all
end

-- The start of a POST, up to the number that makes its key.
local function start(token)
  return "Host: " .. wrk.headers["Host"] .. "\r\nAuthorization: " .. authorized(token).Authorization
    .. "\r\nContent-Type: application/json\r\nIdempotency-Key: " .. os.getenv("KEYS")
end

-- Nothing is left: the time until here counts, and what is in flight is let go.
local function out_of_work()
  if finished_us == 0 then
    finished_us = now_us()
    wrk.thread:stop()
  end
  return wrk.format("GET", "/livez")
end

local makers = {}

function makers.get()
  local all = gets("PATHS", "TOKEN")
  local count = #all
  return function() return all[math.random(count)] end
end

function makers.lists()
  local all = gets("LISTS", "LIST_TOKEN")
  local count = #all
  return function() return all[math.random(count)] end
end

function makers.collect()
  local all, next_one = gets("PATHS", "TOKEN"), 0
  tags = io.open(os.getenv("TAGS"), "w")
  return function()
    next_one = next_one + 1
    return all[next_one] or out_of_work()
  end
end

function makers.post()
  local all, head = {}, "POST " .. os.getenv("TARGET") .. " HTTP/1.1\r\n" .. start("TOKEN")
  for k, body in ipairs(lines("BODIES")) do all[k] = "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body end
  local count, sent = #all, 0
  return function()
    sent = sent + 1
    return head .. sent .. all[math.random(count)]
  end
end

function makers.act()
  local all, head = lines("ACTS"), start(kind == "mix" and "ACT_TOKEN" or "TOKEN")
  taken = tonumber(os.getenv("SKIP"))
  return function()
    local line = all[taken + 1]
    if not line then return out_of_work() end
    taken = taken + 1
    local id, tag = line:match("(%S+) (%S+)")
    return "POST /v1/referrals/" .. id .. "/acknowledge HTTP/1.1\r\n" .. head .. "act-" .. taken .. "\r\nIf-Match: "
      .. tag .. "\r\nContent-Length: 2\r\n\r\n{}"
  end
end

function makers.mix()
  local get, list, post, act = makers.get(), makers.lists(), makers.post(), makers.act()
  return function()
    local drawn = math.random(100)
    if drawn <= 70 then return get() end
    if drawn <= 85 then return list() end
    if drawn <= 95 then return post() end
    return act()
  end
end

function init(args)
  math.randomseed(tonumber(os.getenv("SEED")))
  if kind ~= "collect" then response = nil end
  request = makers[kind]()
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
