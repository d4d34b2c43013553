--[[
Writes a new state of a recovery; the oldest are dropped, but never the one that holds the lock.
KEYS  1 recoveries   2 versions   3 order   4 recovery lock
ARGV  1 recovery   2 expected version   3 new version   4 token of this write   5 recovery as JSON   6 number of the recovery
      7 recoveries kept
Answers 'written', or 'conflict' when the version is another. The same token again answers 'written'.
]]
local stored = redis.call('HGET', KEYS[2], ARGV[1])
if stored == ARGV[3] .. ':' .. ARGV[4] then
  return 'written'
end
local version = stored and string.match(stored, '^%d+') or '0'
if version ~= ARGV[2] then
  return 'conflict'
end

-- A script that fails half way keeps what it wrote: look at every key before the first write.
redis.call('HEXISTS', KEYS[1], ARGV[1])
local running = redis.call('HGET', KEYS[4], 'recovery')
redis.call('ZCARD', KEYS[3])

redis.call('HSET', KEYS[1], ARGV[1], ARGV[5])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3] .. ':' .. ARGV[4])
redis.call('ZADD', KEYS[3], ARGV[6], ARGV[1])
local excess = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[7])
if excess > 0 then
  for _, gone in ipairs(redis.call('ZRANGE', KEYS[3], 0, excess)) do
    if excess > 0 and gone ~= running then
      redis.call('ZREM', KEYS[3], gone)
      redis.call('HDEL', KEYS[1], gone)
      redis.call('HDEL', KEYS[2], gone)
      excess = excess - 1
    end
  end
end
return 'written'
