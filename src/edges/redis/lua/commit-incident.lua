--[[
Writes a new state of an incident, its events and the audit, all or nothing; puts it on the restless list; and makes room by
dropping the incidents that were resolved first, with their timelines and delivery records.
KEYS  1 incidents   2 versions   3 order   4 open   5 resolved   6 fingerprints   7 restless   8 audit   9 events of the incident
ARGV  1 incident   2 expected version   3 new version   4 token of this write   5 incident as JSON   6 fingerprint
      7 previous fingerprint or ''   8 '1' when open   9 resolved at, ms   10 events kept   11 resolved incidents kept
      12 audit entries kept   13 beginning of event keys   14 beginning of delivery keys   15 number of events
      16… events, oldest first, then audit entries, oldest first
Answers {'written', evicted incident…}, or {'conflict'} when the version is another or an open incident holds the fingerprint.
The same token again answers 'written': a client that lost the answer sends once more.
]]
local id = ARGV[1]
local open = ARGV[8] == '1'
local stored = redis.call('HGET', KEYS[2], id)
if stored == ARGV[3] .. ':' .. ARGV[4] then
  return { 'written' }
end
local version = stored and string.match(stored, '^%d+') or '0'
if version ~= ARGV[2] then
  return { 'conflict' }
end
local holder = redis.call('HGET', KEYS[6], ARGV[6])
if open and holder and holder ~= id then
  return { 'conflict' }
end

-- A script that fails half way keeps what it wrote: look at every key before the first write.
redis.call('HEXISTS', KEYS[1], id)
redis.call('ZCARD', KEYS[3])
redis.call('ZCARD', KEYS[4])
redis.call('ZCARD', KEYS[5])
redis.call('HEXISTS', KEYS[7], id)
redis.call('LLEN', KEYS[8])
redis.call('LLEN', KEYS[9])

if ARGV[7] ~= '' and redis.call('HGET', KEYS[6], ARGV[7]) == id then
  redis.call('HDEL', KEYS[6], ARGV[7])
end
redis.call('HSET', KEYS[1], id, ARGV[5])
redis.call('HSET', KEYS[2], id, ARGV[3] .. ':' .. ARGV[4])
redis.call('ZADD', KEYS[3], id, id)
redis.call('HSET', KEYS[7], id, ARGV[3])
if open then
  redis.call('HSET', KEYS[6], ARGV[6], id)
  redis.call('ZADD', KEYS[4], id, id)
  redis.call('ZREM', KEYS[5], id)
else
  if holder == id then
    redis.call('HDEL', KEYS[6], ARGV[6])
  end
  redis.call('ZREM', KEYS[4], id)
  redis.call('ZADD', KEYS[5], ARGV[9], id)
end

local eventsEnd = 15 + tonumber(ARGV[15])
for index = 16, eventsEnd do
  redis.call('RPUSH', KEYS[9], ARGV[index])
end
local eventsMax = tonumber(ARGV[10])
if redis.call('LLEN', KEYS[9]) > eventsMax then
  local first = redis.call('LINDEX', KEYS[9], 0)
  redis.call('LTRIM', KEYS[9], 1 - eventsMax, -1)
  redis.call('LPUSH', KEYS[9], first)
end
for index = eventsEnd + 1, #ARGV do
  redis.call('LPUSH', KEYS[8], ARGV[index])
end
redis.call('LTRIM', KEYS[8], 0, tonumber(ARGV[12]) - 1)

local answer = { 'written' }
local excess = redis.call('ZCARD', KEYS[5]) - tonumber(ARGV[11])
if excess > 0 then
  for _, gone in ipairs(redis.call('ZRANGE', KEYS[5], 0, excess - 1)) do
    redis.call('ZREM', KEYS[5], gone)
    redis.call('ZREM', KEYS[3], gone)
    redis.call('HDEL', KEYS[1], gone)
    redis.call('HDEL', KEYS[2], gone)
    redis.call('HDEL', KEYS[7], gone)
    redis.call('DEL', ARGV[13] .. gone, ARGV[14] .. gone)
    answer[#answer + 1] = gone
  end
end
return answer
