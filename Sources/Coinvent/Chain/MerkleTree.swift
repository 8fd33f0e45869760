/// Hash trees as RFC 6962 has them: SHA-256, 0x00 before leaves and 0x01 before nodes; a tree of n
/// leaves splits at the largest power of two below n.
public enum MerkleTree {
  /// The root of a tree without leaves.
  static let empty = Digest.sha256([UInt8]())

  public static func leaf(_ bytes: [UInt8]) -> [UInt8] { Digest.sha256([0] + bytes) }

  static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    Digest.sha256([1] + left + right)
  }

  static func root(_ leaves: some Collection<[UInt8]>) -> [UInt8] {
    var growing = Growing()
    for leaf in leaves { growing.add(leaf) }
    return growing.root
  }

  /// The hashes beside the way from a leaf to the root, the leaf's own neighbour first.
  static func path(to index: Int, in leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
    precondition(index >= 0 && index < leaves.count, "there is no such leaf")
    if leaves.count == 1 { return [] }
    let middle = split(leaves.count)
    let (left, right) = (leaves.prefix(middle), leaves.dropFirst(middle))
    return index < middle
      ? path(to: index, in: left) + [root(right)]
      : path(to: index - middle, in: right) + [root(left)]
  }

  /// The root that a leaf at `index` of `size` leaves leads to.
  /// - Returns: nil when a tree of this size has no such leaf, or its way has another length.
  public static func root(of leaf: [UInt8], at index: Int, size: Int, path: [[UInt8]])
    -> [UInt8]?
  {
    guard index >= 0, index < size else { return nil }
    if size == 1 { return path.isEmpty ? leaf : nil }
    guard let last = path.last else { return nil }
    let (middle, rest) = (split(size), Array(path.dropLast()))
    if index < middle {
      return root(of: leaf, at: index, size: middle, path: rest).map { node($0, last) }
    }
    return root(of: leaf, at: index - middle, size: size - middle, path: rest)
      .map { node(last, $0) }
  }

  /// The largest power of two below `count`.
  private static func split(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }

  /// A tree whose leaves come one by one; it keeps one hash for each level.
  struct Growing {
    private(set) var count = 0
    /// Roots of whole trees, the largest first: one for each bit of `count`.
    private var whole: [[UInt8]] = []

    mutating func add(_ leaf: [UInt8]) {
      var root = leaf
      var rest = count
      while rest & 1 == 1 {
        root = node(whole.removeLast(), root)
        rest >>= 1
      }
      whole.append(root)
      count += 1
    }

    var root: [UInt8] {
      guard let last = whole.last else { return empty }
      return whole.dropLast().reversed().reduce(last) { node($1, $0) }
    }
  }
}
