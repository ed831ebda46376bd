-- Shows EasyTCP/1 (README.md beside this file, whose clauses are cited here) in Wireshark and tshark 4.0 or newer:
--   tshark -X lua_script:protocol/easytcp.lua -r wire.pcapng -d tcp.port==54321,easytcp
-- Port 12000 and connections that begin like one of this protocol's are found without -d. For requests to name their
-- replies, tshark needs its second pass (-2), and with it a filter (-Y easytcp, or -Y frame for all): without one its first
-- pass makes no fields, the stream's number is missing, and what is reassembled goes wrong.
local easytcp = Proto("easytcp", "EasyTCP/1")

local MAX_PAYLOAD = 65535       -- 2.2
local LONGEST = { [false] = 23, [true] = 10 } -- header bytes, LF included, of a request (2.1) and of a reply
local TAKES_PAYLOAD = { UPPER = true, ADDR = false, COUNT = false, UPTIME = false }
local STATUS = { OK = true, ERR = true }

local fields = {
    is_reply = ProtoField.bool("easytcp.is_reply", "Is a reply"),
    word = ProtoField.string("easytcp.word", "Word"),
    command = ProtoField.string("easytcp.command", "Command"),
    status = ProtoField.string("easytcp.status", "Status"),
    length = ProtoField.uint32("easytcp.length", "Payload length"),
    payload = ProtoField.bytes("easytcp.payload", "Payload"),
    text = ProtoField.string("easytcp.text", "Payload as text"),
    request = ProtoField.framenum("easytcp.request_in", "Request in", base.NONE, frametype.REQUEST),
    reply = ProtoField.framenum("easytcp.reply_in", "Reply in", base.NONE, frametype.RESPONSE),
    time = ProtoField.double("easytcp.time", "Time since the request, in seconds"),
    rest = ProtoField.bytes("easytcp.rest", "Bytes that are no message"),
}
local experts = {
    malformed = ProtoExpert.new("easytcp.malformed_header", "Malformed header (4.3)", expert.group.PROTOCOL, expert.severity.WARN),
    unknown = ProtoExpert.new("easytcp.unknown_command", "Unknown command (4.1)", expert.group.PROTOCOL, expert.severity.WARN),
    unexpected = ProtoExpert.new("easytcp.unexpected_payload", "Unexpected payload (4.2)", expert.group.PROTOCOL, expert.severity.WARN),
    large = ProtoExpert.new("easytcp.payload_too_large", "Payload too large (4.4)", expert.group.PROTOCOL, expert.severity.WARN),
    status = ProtoExpert.new("easytcp.unknown_status", "Unknown status (10.11)", expert.group.PROTOCOL, expert.severity.ERROR),
    unasked = ProtoExpert.new("easytcp.reply_without_request", "Reply without request (10.11)", expert.group.SEQUENCE, expert.severity.ERROR),
    after = ProtoExpert.new("easytcp.after_error", "Bytes after an error that ends the connection (5.1)", expert.group.SEQUENCE, expert.severity.NOTE),
}
easytcp.fields = fields
easytcp.experts = { experts.malformed, experts.unknown, experts.unexpected, experts.large, experts.status, experts.unasked, experts.after }

local tcp_stream = Field.new("tcp.stream")

-- By stream: its server's port, its requests in order, how many replies it had, and which directions are at an error.
local streams
-- By frame: what it holds, in order, and which of it was shown last.
local frames

function easytcp.init()
    streams, frames = {}, {}
end

-- The port of the server: the one that the dissector was chosen by; where none was, the first bytes tell whose they are.
local function stream_of(range, pinfo, is_guess)
    local number = tcp_stream().value
    local stream = streams[number]
    if not stream then
        local server
        if not is_guess and pinfo.src_port ~= pinfo.dst_port and (pinfo.match_uint == pinfo.src_port or pinfo.match_uint == pinfo.dst_port) then
            server = pinfo.match_uint
        else
            local word = range:raw():match("^(%u+) ")
            server = STATUS[word] and pinfo.src_port or pinfo.dst_port
        end
        stream = { server = server, requests = {}, replies = 0, ended = {} }
        streams[number] = stream
    end
    return stream
end

-- What stands at a place: a message, or what is wrong; nil and the missing bytes if more must come first. Copies no more than
-- a header: a segment may hold thousands.
local function judge(raw, at, is_reply)
    local longest = LONGEST[is_reply]
    local left = #raw - at + 1
    local front = raw:sub(at, at + longest - 1)
    local feed = front:find("\n", 1, true)
    if not feed and left < longest then
        return nil, DESEGMENT_ONE_MORE_SEGMENT
    end
    front = front:sub(1, feed)
    local word, digits = front:match("^(%u+) (%d+)\n$")
    if not word or #word > 16 or #digits > 5 or (#digits > 1 and digits:sub(1, 1) == "0") then
        return { front = front, size = left, expert = experts.malformed, ends = true }
    end
    local length = tonumber(digits)
    if is_reply and not STATUS[word] then
        return { front = front, size = left, expert = experts.status, ends = true }
    end
    if length > MAX_PAYLOAD then
        return { front = front, word = word, length = length, size = left, expert = experts.large, ends = true }
    end
    if left < feed + length then
        return nil, feed + length - left
    end
    local wrong
    if not is_reply and TAKES_PAYLOAD[word] == nil then
        wrong = experts.unknown
    elseif not is_reply and length > 0 and not TAKES_PAYLOAD[word] then
        wrong = experts.unexpected
    end
    return { front = front, word = word, length = length, size = feed + length, expert = wrong }
end

-- Notes what the first pass has found, and joins a reply with its request.
local function note(found, stream, is_reply, pinfo)
    found.frame, found.at, found.is_reply = pinfo.number, pinfo.rel_ts, is_reply
    stream.ended[is_reply] = stream.ended[is_reply] or found.ends
    if is_reply then
        stream.replies = stream.replies + 1
        found.request = stream.requests[stream.replies]
        if found.request then
            found.request.reply = found
        end
    else
        table.insert(stream.requests, found)
    end
end

-- A message or what is none, seen again: by its front, for less may follow it now than when it was found.
local function is_it(found, raw, at)
    return raw:sub(at, at + #found.front - 1) == found.front and (found.ends or #raw - at + 1 >= found.size)
end

-- Finds what is next in a frame. Later looks must find what the first has found, in its order, and nothing in bytes that were
-- no message then: these are too few for what they begin with.
local function next_of(raw, at, stream, is_reply, pinfo)
    local here = frames[pinfo.number] or { shown = 0 }
    if pinfo.visited then
        for _ = 1, #here do
            here.shown = here.shown % #here + 1
            if is_it(here[here.shown], raw, at) then
                return here[here.shown]
            end
        end
        return nil, DESEGMENT_ONE_MORE_SEGMENT
    end
    local found, missing
    if stream.ended[is_reply] then
        found = { front = "", size = #raw - at + 1, expert = experts.after, ends = true }
    else
        found, missing = judge(raw, at, is_reply)
        if not found then
            return nil, missing
        end
        note(found, stream, is_reply, pinfo)
    end
    table.insert(here, found)
    frames[pinfo.number] = here
    return found
end

local function show(found, range, is_reply, tree)
    local name = is_reply and "Reply" or "Request"
    local item = tree:add(easytcp, range, string.format("EasyTCP/1 %s%s", name, found.word and string.format(": %s %d", found.word, found.length) or ""))
    if found.word then
        item:add(fields.is_reply, range(0, #found.front), is_reply):set_generated()
        local word = range(0, #found.word)
        item:add(fields.word, word):set_hidden()
        item:add(is_reply and fields.status or fields.command, word)
        item:add(fields.length, range(#found.word + 1, #found.front - #found.word - 2), found.length)
        if not found.ends and found.length > 0 then
            item:add(fields.payload, range(#found.front, found.length))
            item:add(fields.text, range(#found.front, found.length)):set_generated()
        end
    else
        item:add(fields.rest, range)
    end
    if found.request then
        item:add(fields.request, found.request.frame):set_generated()
        item:add(fields.time, math.floor((found.at - found.request.at) * 1e9 + 0.5) / 1e9):set_generated()
    end
    if found.reply then
        item:add(fields.reply, found.reply.frame):set_generated()
    end
    if found.expert then
        item:add_proto_expert_info(found.expert)
    end
    if found.is_reply and found.word and not found.request then
        item:add_proto_expert_info(experts.unasked)
    end
end

function easytcp.dissector(range, pinfo, tree)
    local stream = stream_of(range, pinfo)
    local is_reply = pinfo.src_port == stream.server
    local raw = range:raw()
    local said = {}
    local offset = 0
    while offset < range:len() do
        local found, missing = next_of(raw, offset + 1, stream, is_reply, pinfo)
        if not found then
            pinfo.desegment_offset = offset
            pinfo.desegment_len = missing
            break
        end
        local size = math.min(found.size, range:len() - offset)
        show(found, range(offset, size), is_reply, tree)
        table.insert(said, found.word and string.format("%s %d", found.word, found.length) or "no message")
        offset = offset + size
    end
    if #said > 0 then
        pinfo.cols.protocol = "EasyTCP"
        pinfo.cols.info = (is_reply and "Reply: " or "Request: ") .. table.concat(said, ", ")
        pinfo.cols.info:fence()
    end
    return range:len()
end

local function looks_like_it(range, pinfo, tree)
    local word = range:raw(0, math.min(range:len(), 23)):match("^(%u+) %d+\n")
    if not word or not (STATUS[word] or TAKES_PAYLOAD[word] ~= nil) then
        return false
    end
    stream_of(range, pinfo, true)
    easytcp.dissector(range, pinfo, tree)
    pinfo.conversation = easytcp
    return true
end

DissectorTable.get("tcp.port"):add(12000, easytcp)
easytcp:register_heuristic("tcp", looks_like_it)
