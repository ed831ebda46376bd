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
-- By frame, and by the bytes that were there when it was found: what it holds, and which of it was shown last.
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

-- What stands at the front: a message, or what is wrong; nil and the missing bytes if more must come first.
local function judge(raw, is_reply)
    local longest = LONGEST[is_reply]
    local feed = raw:sub(1, longest):find("\n", 1, true)
    if not feed and #raw < longest then
        return nil, DESEGMENT_ONE_MORE_SEGMENT
    end
    local word, digits = raw:sub(1, feed or longest):match("^(%u+) (%d+)\n$")
    if not word or #word > 16 or #digits > 5 or (#digits > 1 and digits:sub(1, 1) == "0") then
        return { size = #raw, expert = experts.malformed, ends = true }
    end
    local length = tonumber(digits)
    if is_reply and not STATUS[word] then
        return { size = #raw, expert = experts.status, ends = true }
    end
    if length > MAX_PAYLOAD then
        return { word = word, length = length, header = feed, size = #raw, expert = experts.large, ends = true }
    end
    if #raw < feed + length then
        return nil, feed + length - #raw
    end
    local wrong
    if not is_reply and TAKES_PAYLOAD[word] == nil then
        wrong = experts.unknown
    elseif not is_reply and length > 0 and not TAKES_PAYLOAD[word] then
        wrong = experts.unexpected
    end
    return { word = word, length = length, header = feed, size = feed + length, expert = wrong }
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

-- Finds what is next in a frame. Later looks must find what the first has found, and nothing in bytes that were no message then:
-- what was found is known by how many bytes were there. A frame may hold two of the same, one behind the other.
local function next_of(raw, stream, is_reply, pinfo)
    local here = frames[pinfo.number] or {}
    local same = here[#raw] or { shown = 0 }
    if pinfo.visited then
        if #same == 0 then
            return nil, DESEGMENT_ONE_MORE_SEGMENT
        end
        same.shown = same.shown % #same + 1
        return same[same.shown]
    end
    local found, missing
    if stream.ended[is_reply] then
        found = { size = #raw, expert = experts.after }
    else
        found, missing = judge(raw, is_reply)
        if not found then
            return nil, missing
        end
        note(found, stream, is_reply, pinfo)
    end
    table.insert(same, found)
    here[#raw] = same
    frames[pinfo.number] = here
    return found
end

local function show(found, range, is_reply, tree)
    local name = is_reply and "Reply" or "Request"
    local item = tree:add(easytcp, range, string.format("EasyTCP/1 %s%s", name, found.word and string.format(": %s %d", found.word, found.length) or ""))
    if found.word then
        item:add(fields.is_reply, range(0, found.header), is_reply):set_generated()
        local word = range(0, #found.word)
        item:add(fields.word, word):set_hidden()
        item:add(is_reply and fields.status or fields.command, word)
        item:add(fields.length, range(#found.word + 1, found.header - #found.word - 2), found.length)
        if not found.ends and found.length > 0 then
            item:add(fields.payload, range(found.header, found.length))
            item:add(fields.text, range(found.header, found.length)):set_generated()
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
    if found.is_reply and not found.request then
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
        local found, missing = next_of(raw:sub(offset + 1), stream, is_reply, pinfo)
        if not found then
            pinfo.desegment_offset = offset
            pinfo.desegment_len = missing
            break
        end
        show(found, range(offset, found.size), is_reply, tree)
        table.insert(said, found.word and string.format("%s %d", found.word, found.length) or "no message")
        offset = offset + found.size
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
