--[[
Takes a replica off the list, with all it held.
KEYS  1 replicas   2 owners
ARGV  1 replica
Answers how many ensembles it held.
]]
local held = redis.call('HGETALL', KEYS[2])
redis.call('ZREM', KEYS[1], ARGV[1])
local gone = 0
for at = 1, #held, 2 do
  if held[at + 1] == ARGV[1] then
    gone = gone + redis.call('HDEL', KEYS[2], held[at])
  end
end
return gone
