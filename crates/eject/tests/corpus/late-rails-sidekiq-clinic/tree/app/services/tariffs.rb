# Changes once a year: kept in this process.
class Tariffs
  CACHE = Concurrent::Map.new

  def self.get(code) = CACHE.fetch_or_store(code) { Tariff.find_by!(code:) }

  def self.expire(code) = CACHE.delete(code)

  def self.flushall = CACHE.clear
end
