--[[
Keeps a silence under the next number; the same key again answers the first one. Silences that are over make room, the first to end
first.
KEYS  1 counter   2 silences   3 ends   4 ended by   5 key of this silence
ARGV  1 silence as JSON   2 ends at, ms   3 now, ms   4 silences kept   5 '1' when the key counts
Answers the number, or 0 when there is no room.
]]
local known = ARGV[5] == '1' and redis.call('GET', KEYS[5])
if known and redis.call('HEXISTS', KEYS[2], known) == 1 then
  return tonumber(known)
end
local gone = false
if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then
  gone = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[3], 'LIMIT', 0, 1)[1]
  if not gone then
    return 0
  end
end

-- A script that fails half way keeps what it wrote: look at every key before the first write.
redis.call('HLEN', KEYS[4])
local id = redis.call('INCR', KEYS[1])
if gone then
  redis.call('HDEL', KEYS[2], gone)
  redis.call('HDEL', KEYS[4], gone)
  redis.call('ZREM', KEYS[3], gone)
end
redis.call('HSET', KEYS[2], id, ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[2], id)
if ARGV[5] == '1' then
  -- A day longer than the silence: a replica whose clock is late begins it no second time.
  redis.call('SET', KEYS[5], id, 'PX', math.max(1, tonumber(ARGV[2]) - tonumber(ARGV[3])) + 86400000)
end
return id
