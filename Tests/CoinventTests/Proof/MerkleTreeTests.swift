import Testing

@testable import Coinvent

@Suite struct MerkleTreeTests {
  private static func leaves(_ count: Int) -> [[UInt8]] {
    (0..<count).map { MerkleTree.leaf(Array("leaf \($0)".utf8)) }
  }

  /// The definition of RFC 6962, section 2.1, word by word.
  private static func defined(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    if leaves.isEmpty { return Digest.sha256([]) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return Digest.sha256([1] + defined(leaves.prefix(split)) + defined(leaves.dropFirst(split)))
  }

  @Test func `roots are those of the standard`() {
    // Of the empty tree and of one empty leaf, as its test vectors have them.
    #expect(
      Digest.hex(MerkleTree.root([]))
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      Digest.hex(MerkleTree.leaf([]))
        == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
    for count in [1, 2, 3, 4, 5, 7, 8, 9, 31, 255, 256, 257, 1000] {
      let leaves = Self.leaves(count)
      #expect(MerkleTree.root(leaves) == Self.defined(leaves[...]), "\(count)")
    }
  }

  @Test func `every leaf leads to the root, and to no other`() {
    for count in 1...40 {
      let leaves = Self.leaves(count)
      let root = MerkleTree.root(leaves)
      for index in 0..<count {
        let path = MerkleTree.path(to: index, in: leaves[...])
        #expect(MerkleTree.root(of: leaves[index], at: index, size: count, path: path) == root)
        let other = MerkleTree.leaf([])
        #expect(MerkleTree.root(of: other, at: index, size: count, path: path) != root)
        #expect(
          MerkleTree.root(of: leaves[index], at: index, size: count, path: path + [other]) != root)
        if index > 0 {
          #expect(
            MerkleTree.root(of: leaves[index], at: index - 1, size: count, path: path) != root)
        }
      }
    }
    #expect(MerkleTree.root(of: [], at: 1, size: 1, path: []) == nil)
    #expect(MerkleTree.root(of: [], at: -1, size: 1, path: []) == nil)
  }
}
