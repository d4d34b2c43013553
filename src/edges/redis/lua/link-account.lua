--[[
Notes to whom an account of a chat belongs, if neither the account nor the person has another one.
KEYS  1 accounts   2 owners
ARGV  1 account   2 person in that chat   3 link as JSON
Answers 1, or 0 when either is taken.
]]
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 or redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
return 1
