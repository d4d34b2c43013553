--[[
Says that a replica lives, and buries those whose time has run out together with what they held.
KEYS  1 replicas   2 owners
ARGV  1 replica   2 ms it lives from now
Answers the replicas that live.
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HGETALL', KEYS[2])
local dead = {}
for _, replica in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  if replica ~= ARGV[1] then
    dead[replica] = true
    redis.call('ZREM', KEYS[1], replica)
  end
end
if next(dead) then
  for at = 1, #held, 2 do
    if dead[held[at + 1]] then
      redis.call('HDEL', KEYS[2], held[at])
    end
  end
end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
return redis.call('ZRANGE', KEYS[1], 0, -1)
