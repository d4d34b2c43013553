--[[
Takes a thing off what waits at a destination, or puts it off, unless it was asked for again meanwhile.
KEYS  1-3 lanes   4 waiting
ARGV  1 thing   2 times asked, as it was read   3 ms when it is ripe again, or '' to take it off
Answers 1 when done, 0 when it was asked for again.
]]
local entry = redis.call('HGET', KEYS[4], ARGV[1])
if not entry then
  return 0
end
local lane, asked = string.match(entry, '^(%d+):(%d+):')
if asked ~= ARGV[2] then
  return 0
end
if ARGV[3] == '' then
  redis.call('ZREM', KEYS[tonumber(lane)], ARGV[1])
  redis.call('HDEL', KEYS[4], ARGV[1])
else
  redis.call('ZADD', KEYS[tonumber(lane)], 'XX', ARGV[3], ARGV[1])
end
return 1
