-- For wrk: counts the different answers, and prints each as
-- answer<TAB>count<TAB>status<TAB>ratelimit-policy<TAB>ratelimit<TAB>retry-after<TAB>content-type

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(_)
  answers = {}
end

function response(status, headers, _)
  local function field(name)
    return headers[name] or "-"
  end
  local answer = table.concat({
    status, field("ratelimit-policy"), field("ratelimit"), field("retry-after"), field("content-type"),
  }, "\t")
  answers[answer] = (answers[answer] or 0) + 1
end

function done(summary, _, _)
  for _, thread in ipairs(threads) do
    for answer, count in pairs(thread:get("answers")) do
      print("answer\t" .. count .. "\t" .. answer)
    end
  end
  local e = summary.errors
  print("summary\t" .. summary.requests .. "\t" .. e.connect + e.read + e.write + e.timeout)
end
