/// A number and what it counts, as a sentence has it: `1 line`, `3 lines`.
public func counted(_ count: some BinaryInteger, _ noun: String) -> String {
  count.magnitude == 1 ? "\(count) \(noun)" : "\(count) \(noun)s"
}
