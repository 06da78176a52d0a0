-- Frees the lock whoever holds it and lets in who waits. Answers 1 if it was held, else 0; or L <now> if it came too late.
-- ARGV: 1 the key; 2 whether listeners are counted; 3 the time of the server after which it does nothing
if now - ARGV[3] > 0 then return {'L', whole(now)} end
local text, counted = ARGV[1], ARGV[2] == '1'

local held = redis.call('DEL', lock) == 1
redis.call('DEL', details)
pcall(hand_on, text, counted)
return {held and '1' or '0'}
