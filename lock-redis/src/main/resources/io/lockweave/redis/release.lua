-- Frees the lock if the owner holds it and lets in who waits. Answers 1 if it was held, else 0.
-- ARGV: 1 the owner; 2 two letters: listeners are counted, the owner also leaves the queue; 3 the key, if it does
local owner, withdrawn = ARGV[1], string.sub(ARGV[2], 2, 2) == '1'

local queued = withdrawn and leave_queue(owner)
read_lock()
if foreign then return {'0'} end
if live == 0 then redis.call('DEL', details) end -- a renewal that came after the last lease had them stay
local held = holds(owner)
local text = key_text or ARGV[3]
if held and not text and redis.call('EXISTS', queue) == 1 then text = text_of_several() end
if held then drop(owner) end
-- What goes wrong from here on must not hide that it is released; the waiters ask again by themselves.
if text and (held or queued) then pcall(hand_on, text, string.sub(ARGV[2], 1, 1) == '1') end
return {held and '1' or '0'}
