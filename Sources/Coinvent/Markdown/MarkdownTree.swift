import CCMark
import EventLoop
import Glibc

/// A parsed text. It lives inside `with` only, as its nodes belong to C.
struct MarkdownTree {
  private let document: OpaquePointer
  private let extensions: UnsafeMutablePointer<cmark_llist>?
  /// Bytes of the text.
  private let length: Int

  /// cmark-gfm 0.29 keeps the characters that its extensions look for in tables that all parsers
  /// share: one text at a time.
  private static let turn = Locked(())

  private static let isReady: Bool = {
    cmark_gfm_core_extensions_ensure_registered()
    return true
  }()

  /// - Returns: nil for a text that would cost too much, or when `body` says so.
  static func with<Value>(_ text: String, _ body: (MarkdownTree) -> Value?) -> Value? {
    precondition(isReady)
    var text = text
    return text.withUTF8 { bytes -> Value? in
      let cost = MarkdownCost(bytes)
      guard cost.isNestingBounded else { return nil }
      return turn.withLock { _ in
        let parser = cmark_parser_new(CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8)
        defer { cmark_parser_free(parser) }
        for name in cost.extensions {
          cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name))
        }
        bytes.withMemoryRebound(to: CChar.self) {
          cmark_parser_feed(parser, $0.baseAddress, $0.count)
        }
        guard let document = cmark_parser_finish(parser) else { return nil }
        defer { cmark_node_free(document) }
        cmark_consolidate_text_nodes(document)
        return body(
          MarkdownTree(
            document: document, extensions: cmark_parser_get_syntax_extensions(parser),
            length: bytes.count))
      }
    }
  }

  /// What has to be looked at, found before anything is changed.
  private struct Nodes {
    /// Texts outside of links.
    var texts: [OpaquePointer] = []
    var links: [OpaquePointer] = []
    var images: [OpaquePointer] = []
    var inlineHTML: [OpaquePointer] = []
    var blockHTML: [OpaquePointer] = []
    var depth = 0
    /// Bytes of all addresses and titles: references repeat them.
    var addresses = 0
  }

  private func nodes() -> Nodes {
    var nodes = Nodes()
    var depth = 0
    var linksAround = 0
    let steps = cmark_iter_new(document)
    defer { cmark_iter_free(steps) }
    while true {
      let event = cmark_iter_next(steps)
      guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(steps) else { return nodes }
      let type = cmark_node_get_type(node)
      let isLink = type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE
      if event == CMARK_EVENT_EXIT {
        depth -= 1
        if isLink { linksAround -= 1 }
        continue
      }
      switch type {
      case CMARK_NODE_TEXT: if linksAround == 0 { nodes.texts.append(node) }
      case CMARK_NODE_LINK: nodes.links.append(node)
      case CMARK_NODE_IMAGE: nodes.images.append(node)
      case CMARK_NODE_HTML_INLINE: nodes.inlineHTML.append(node)
      case CMARK_NODE_HTML_BLOCK: nodes.blockHTML.append(node)
      default: break
      }
      if isLink {
        linksAround += 1
        nodes.addresses += text(cmark_node_get_url(node)).utf8.count
        nodes.addresses += text(cmark_node_get_title(node)).utf8.count
      }
      // Leaves are entered and never left.
      if !MarkdownTree.leaves.contains(type.rawValue) { depth += 1 }
      nodes.depth = max(nodes.depth, depth)
    }
  }

  private static let leaves = Set(
    [
      CMARK_NODE_TEXT, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE, CMARK_NODE_HTML_BLOCK,
      CMARK_NODE_CODE_BLOCK, CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK, CMARK_NODE_THEMATIC_BREAK,
    ].map(\.rawValue))

  func mentions() -> [String] {
    nodes().texts.flatMap { Mention.all(in: text(cmark_node_get_literal($0))).map(\.handle) }
  }

  /// - Returns: nil when it would be nested too deep or grow too long.
  func html(mentioning handles: Set<String>) -> String? {
    let nodes = nodes()
    guard nodes.depth <= 2 * Markdown.depthLimit, nodes.addresses <= 4 * length + 1000 else {
      return nil
    }
    for link in nodes.links where !MarkdownTree.isHarmless(text(cmark_node_get_url(link))) {
      cmark_node_set_url(link, "")
    }
    for image in nodes.images { turnIntoLink(image) }
    for html in nodes.inlineHTML {
      replace(html, by: [textNode(text(cmark_node_get_literal(html)))])
    }
    for html in nodes.blockHTML {
      let paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH)
      let shown = text(cmark_node_get_literal(html)).trimmed
      cmark_node_append_child(paragraph, textNode(shown))
      replace(html, by: [paragraph])
    }
    if !handles.isEmpty { for node in nodes.texts { link(handles, in: node) } }
    guard let rendered = cmark_render_html(document, CMARK_OPT_DEFAULT, extensions) else {
      return nil
    }
    defer { cmark_get_default_mem_allocator().pointee.free(rendered) }
    let html = UnsafeBufferPointer(start: rendered, count: Int(strlen(rendered)))
    guard html.count <= 24 * length + 4096 else { return nil }
    return html.withMemoryRebound(to: UInt8.self) { markedLinks($0) }
  }

  /// Every link says that we do not vouch for where it leads. Nothing else in the HTML reads like
  /// the begin of a link: in texts and addresses < and " are escaped.
  private func markedLinks(_ html: UnsafeBufferPointer<UInt8>) -> String {
    let begin = Array("<a ".utf8)
    let mark = "<a rel=\"nofollow ugc noopener\" ".utf8
    var marked: [UInt8] = []
    marked.reserveCapacity(html.count + html.count / 8)
    var place = 0
    while place < html.count {
      if html[place] == begin[0], html[place...].starts(with: begin) {
        marked += mark
        place += begin.count
      } else {
        marked.append(html[place])
        place += 1
      }
    }
    return String(decoding: marked, as: UTF8.self)
  }

  /// The image's description, as a link to the image.
  private func turnIntoLink(_ image: OpaquePointer) {
    let link = cmark_node_new(CMARK_NODE_LINK)
    let url = text(cmark_node_get_url(image))
    cmark_node_set_url(link, MarkdownTree.isHarmless(url) ? url : "")
    if cmark_node_first_child(image) == nil {
      cmark_node_append_child(link, textNode(url))
    }
    while let child = cmark_node_first_child(image) { cmark_node_append_child(link, child) }
    // No link inside a link: around the image there may be one already.
    var above = cmark_node_parent(image)
    while let node = above, cmark_node_get_type(node) != CMARK_NODE_LINK {
      above = cmark_node_parent(node)
    }
    if above == nil { return replace(image, by: [link]) }
    while let child = cmark_node_first_child(link) { cmark_node_insert_before(image, child) }
    cmark_node_free(link)
    cmark_node_free(image)
  }

  private func link(_ handles: Set<String>, in node: OpaquePointer) {
    let literal = text(cmark_node_get_literal(node))
    let mentions = Mention.all(in: literal).filter { handles.contains($0.handle) }
    guard !mentions.isEmpty else { return }
    var parts: [OpaquePointer?] = []
    var end = literal.startIndex
    for mention in mentions {
      if end < mention.range.lowerBound {
        parts.append(textNode(String(literal[end..<mention.range.lowerBound])))
      }
      let link = cmark_node_new(CMARK_NODE_LINK)
      cmark_node_set_url(link, "/v1/members/\(mention.handle)")
      cmark_node_append_child(link, textNode(String(literal[mention.range])))
      parts.append(link)
      end = mention.range.upperBound
    }
    if end < literal.endIndex { parts.append(textNode(String(literal[end...]))) }
    replace(node, by: parts)
  }

  private func replace(_ node: OpaquePointer, by others: [OpaquePointer?]) {
    for other in others { cmark_node_insert_before(node, other) }
    cmark_node_free(node)
  }

  private func textNode(_ literal: String) -> OpaquePointer? {
    let node = cmark_node_new(CMARK_NODE_TEXT)
    cmark_node_set_literal(node, literal)
    return node
  }

  private func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }

  /// Whether an address leads to the web, to a mailbox or to a page of ours.
  static func isHarmless(_ address: String) -> Bool {
    let scheme = address.prefix { $0 != ":" && $0 != "/" && $0 != "?" && $0 != "#" }
    guard address.dropFirst(scheme.count).first == ":" else { return true }
    return ["http", "https", "mailto"].contains(scheme.lowercased())
  }
}
