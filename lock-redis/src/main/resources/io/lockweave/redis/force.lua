-- Frees the lock whoever holds it and lets in who waits. Answers 1 if it was held, else 0.
local text, counted = ARGV[1], ARGV[2] == '1'

local held = redis.call('DEL', lock) == 1
pcall(hand_on, text, counted)
return {held and '1' or '0'}
