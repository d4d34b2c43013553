--[[
Takes ensembles that nobody alive holds, and keeps those that are ours. A replica that lives no more gets nothing.
KEYS  1 replicas   2 owners
ARGV  1 replica   2… ensembles
Answers the ensembles that are ours now.
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function lives(replica)
  local untilMs = redis.call('ZSCORE', KEYS[1], replica)
  return untilMs and tonumber(untilMs) > now
end
local ours = {}
if not lives(ARGV[1]) then
  return ours
end
for at = 2, #ARGV do
  local holder = redis.call('HGET', KEYS[2], ARGV[at])
  if not holder or holder == ARGV[1] or not lives(holder) then
    if holder ~= ARGV[1] then
      redis.call('HSET', KEYS[2], ARGV[at], ARGV[1])
    end
    ours[#ours + 1] = ARGV[at]
  end
end
return ours
