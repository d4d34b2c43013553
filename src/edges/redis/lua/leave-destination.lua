--[[
Gives the lease on a destination back, unless something was asked for there since its queue was read.
KEYS  1 lease   2 counter
ARGV  1 token   2 counter as it was read
Answers 'left' (also when the lease was not ours any more) or 'more'.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'left'
end
if (redis.call('GET', KEYS[2]) or '0') ~= ARGV[2] then
  return 'more'
end
redis.call('DEL', KEYS[1])
return 'left'
