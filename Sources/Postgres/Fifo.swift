/// A queue: appends at its end, takes from its front, both in constant time.
struct Fifo<Element> {
  private var items: [Element?] = []
  private var head = 0

  var isEmpty: Bool { head == items.count }
  var count: Int { items.count - head }
  var first: Element? { isEmpty ? nil : items[head] }
  /// The elements from the front on.
  var all: [Element] { items[head...].compactMap { $0 } }

  mutating func append(_ item: Element) { items.append(item) }

  mutating func popFirst() -> Element? {
    guard !isEmpty else { return nil }
    let item = items[head]
    items[head] = nil
    head += 1
    if head == items.count {
      items.removeAll(keepingCapacity: items.capacity <= 1024)
      head = 0
    } else if head >= 256, head * 2 >= items.count {
      items.removeFirst(head)
      head = 0
    }
    return item
  }

  mutating func prepend(_ item: Element) {
    if head > 0 {
      head -= 1
      items[head] = item
    } else {
      items.insert(item, at: 0)
    }
  }

  mutating func removeAll(where matches: (Element) -> Bool) {
    items = all.filter { !matches($0) }
    head = 0
  }
}
