# Where the stalls stand; a queue and a store of the process alone.
class FloorPlan
  def initialize
    @store = ActiveSupport::Cache::MemoryStore.new(size: 4.megabytes)
    @queue = Thread::Queue.new
  end

  def path(from, to)
    @store.fetch([from, to]) { search(from, to) }
  end

  private

  def search(from, to)
    seen = { from => nil }
    @queue.push(from)
    until @queue.empty?
      here = @queue.pop
      return trace(seen, to) if here == to

      neighbours(here).each do |aisle|
        next if seen.key?(aisle)

        seen[aisle] = here
        @queue.push(aisle)
      end
    end
    []
  end

  def neighbours((row, column)) = [[row + 1, column], [row - 1, column], [row, column + 1], [row, column - 1]].select { |r, c| r.between?(0, 9) && c.between?(0, 9) }

  def trace(seen, at)
    path = []
    while at
      path.unshift(at)
      at = seen[at]
    end
    path
  end
end
