--[[
Takes the lease on one destination of one incident, and reads what it was told.
KEYS  1 lease   2 deliveries of the incident
ARGV  1 token   2 ms of the lease   3 destination
Answers {'held', ms left} when somebody else has it, {'claimed', record as JSON or ''} otherwise.
]]
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return { 'held', redis.call('PTTL', KEYS[1]) }
end
local record = redis.call('HGET', KEYS[2], ARGV[3]) or ''
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return { 'claimed', record }
