--[[
Writes new states of incidents of one ensemble, with their events and the audit; each is written whole or not at all, whatever
becomes of the others. Puts them on the restless list, and makes room by dropping the incidents that were resolved first, with their
timelines and delivery records.
KEYS  1 incidents   2 versions   3 order   4 open   5 resolved   6 fingerprints   7 restless   8 audit
      9… events of the incidents, in the order of the changes
ARGV  1 token of this write   2 events kept   3 resolved incidents kept   4 audit entries kept   5 beginning of event keys
      6 beginning of delivery keys
      7… for each change: incident, expected version, new version, incident as JSON, fingerprint, previous fingerprint or '',
      '1' when open, resolved at (ms), number of events, number of audit entries, events and audit entries, oldest first
Answers {mark before, {'written' or 'conflict', ...}, {evicted incident, ...}}. It is a conflict when the version is another or an
open incident holds the fingerprint. The same token again answers 'written': a client that lost the answer sends once more. The mark
is the token of the newest write.
]]
local token = ARGV[1]
local eventsMax = tonumber(ARGV[2])
local mark = redis.call('HGET', KEYS[2], '~') or ''

-- A script that fails half way keeps what it wrote: look at every key before the first write.
redis.call('HLEN', KEYS[1])
redis.call('ZCARD', KEYS[3])
redis.call('ZCARD', KEYS[4])
redis.call('ZCARD', KEYS[5])
redis.call('HLEN', KEYS[6])
redis.call('HLEN', KEYS[7])
redis.call('LLEN', KEYS[8])
for index = 9, #KEYS do
  redis.call('LLEN', KEYS[index])
end

local function write(at, eventsKey)
  local id, version, fingerprint, previous = ARGV[at], ARGV[at + 2], ARGV[at + 4], ARGV[at + 5]
  local open = ARGV[at + 6] == '1'
  local stored = redis.call('HGET', KEYS[2], id)
  if stored == version .. ':' .. token then
    return 'written'
  end
  if (stored and string.match(stored, '^%d+') or '0') ~= ARGV[at + 1] then
    return 'conflict'
  end
  local holder = redis.call('HGET', KEYS[6], fingerprint)
  if open and holder and holder ~= id then
    return 'conflict'
  end

  if previous ~= '' and redis.call('HGET', KEYS[6], previous) == id then
    redis.call('HDEL', KEYS[6], previous)
  end
  redis.call('HSET', KEYS[1], id, ARGV[at + 3])
  redis.call('HSET', KEYS[2], id, version .. ':' .. token, '~', token)
  redis.call('ZADD', KEYS[3], id, id)
  redis.call('HSET', KEYS[7], id, version)
  if open then
    redis.call('HSET', KEYS[6], fingerprint, id)
    redis.call('ZADD', KEYS[4], id, id)
    redis.call('ZREM', KEYS[5], id)
  else
    if holder == id then
      redis.call('HDEL', KEYS[6], fingerprint)
    end
    redis.call('ZREM', KEYS[4], id)
    redis.call('ZADD', KEYS[5], ARGV[at + 7], id)
  end

  local eventsEnd = at + 9 + tonumber(ARGV[at + 8])
  local length = 0
  for index = at + 10, eventsEnd do
    length = redis.call('RPUSH', eventsKey, ARGV[index])
  end
  if length > eventsMax then
    local first = redis.call('LINDEX', eventsKey, 0)
    redis.call('LTRIM', eventsKey, 1 - eventsMax, -1)
    redis.call('LPUSH', eventsKey, first)
  end
  for index = eventsEnd + 1, eventsEnd + tonumber(ARGV[at + 9]) do
    redis.call('LPUSH', KEYS[8], ARGV[index])
  end
  return 'written'
end

local outcomes = {}
local at = 7
while at <= #ARGV do
  outcomes[#outcomes + 1] = write(at, KEYS[9 + #outcomes])
  at = at + 10 + tonumber(ARGV[at + 8]) + tonumber(ARGV[at + 9])
end
redis.call('LTRIM', KEYS[8], 0, tonumber(ARGV[4]) - 1)

local evicted = {}
local excess = redis.call('ZCARD', KEYS[5]) - tonumber(ARGV[3])
if excess > 0 then
  for _, gone in ipairs(redis.call('ZRANGE', KEYS[5], 0, excess - 1)) do
    redis.call('ZREM', KEYS[5], gone)
    redis.call('ZREM', KEYS[3], gone)
    redis.call('HDEL', KEYS[1], gone)
    redis.call('HDEL', KEYS[2], gone)
    redis.call('HDEL', KEYS[7], gone)
    redis.call('DEL', ARGV[5] .. gone, ARGV[6] .. gone)
    evicted[#evicted + 1] = gone
  end
end
return { mark, outcomes, evicted }
