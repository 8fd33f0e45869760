import Coinvent
import Testing

/// What members write is shown as they meant it, and does nothing else.
@Suite struct MarkdownTests {
  @Test func `what is written becomes HTML`() {
    #expect(
      Markdown.html(of: "a **b** ~~c~~ `d`") == """
        <p>a <strong>b</strong> <del>c</del> <code>d</code></p>

        """)
    #expect(Markdown.html(of: "|a|b|\n|-|-|\n|1|2|").contains("<td>1</td>"))
    #expect(Markdown.html(of: "- [x] done").contains("checkbox"))
  }

  @Test func `links say that nobody vouches for them`() {
    let html = Markdown.html(of: "see https://example.org and [b](http://b.example \"t\")")
    #expect(
      html.contains(
        "<a rel=\"nofollow ugc noopener\" href=\"https://example.org\">https://example.org</a>"))
    #expect(html.contains("<a rel=\"nofollow ugc noopener\" href=\"http://b.example\""))
    #expect(html.components(of: "<a ") == html.components(of: "<a rel="))
  }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#9;script:alert(1)", "data:text/html,x",
    "data:image/png;base64,AA", "vbscript:x", "file:///etc/passwd", "&#106;avascript:alert(1)",
    "blob:x", "%20javascript:x", "&#1;javascript:alert(1)", "java&NewLine;script:alert(1)",
  ])
  func `an address that could do something leads nowhere`(address: String) {
    for text in [
      "[a](\(address))", "[a](<\(address)>)", "![a](\(address))", "[a][b]\n\n[b]: \(address)",
    ] {
      let html = Markdown.html(of: text)
      #expect(!html.contains(/href="[^"\/?#]+:/.ignoresCase()), "\(html)")
      #expect(!html.contains("src="), "\(html)")
    }
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "a <b onclick=x>b</b>", "<img src=x onerror=alert(1)>",
    "<div>\n<iframe src=x>\n</div>", "<!-- a -->", "<?php x ?>", "[a](b \"\\\"><script>\")",
    "<https://a.example/\"onmouseover=x>", "``<script>``", "~~~ \"><script>\nx\n~~~",
    "[<script>x</script>](b)", "![<script>](b)", "|<script>|\n|-|\n|<img src=x>|",
    "> <svg onload=x>", "<style>*{}</style>",
  ])
  func `raw HTML is text`(text: String) {
    let html = Markdown.html(of: text)
    let tags = html.matches(of: /<\/?([a-zA-Z!?][^\s>\/]*)/).map { String($0.output.1) }
    let ours: Set = [
      "p", "a", "code", "pre", "blockquote", "table", "thead", "tbody", "tr", "th", "td",
    ]
    for tag in tags { #expect(ours.contains(tag), "\(tag) in \(html)") }
    #expect(!html.contains(/<[^>]*\son[a-z]+=/), "\(html)")
  }

  @Test func `what looks like a tag is not lost`() {
    #expect(Markdown.html(of: "a <b> c") == "<p>a &lt;b&gt; c</p>\n")
    #expect(Markdown.html(of: "<div>hi</div>") == "<p>&lt;div&gt;hi&lt;/div&gt;</p>\n")
  }

  @Test func `an image is a link to it, so that nobody is watched while reading`() {
    #expect(
      Markdown.html(of: "![a cat](https://a.example/c.png)") == """
        <p><a rel="nofollow ugc noopener" href="https://a.example/c.png">a cat</a></p>

        """)
    #expect(
      Markdown.html(of: "[![in ![b](c)](d)](e)") == """
        <p><a rel="nofollow ugc noopener" href="e">in b</a></p>

        """)
  }

  @Test func `mentions stand in texts, not in code, links or addresses`() {
    #expect(
      Markdown.mentions(
        in: """
          @Ada and (@bob_2), *@eve*. `@code` [@link](x) mail@home.example me@here @ab @ada

              @block

          ```
          @fence
          ```
          https://a.example/@page <b>@inside</b> @ünal @longer_than_thirty_characters_is_no_handle
          """) == ["ada", "bob_2", "eve", "inside"])
  }

  @Test func `a mention of a member is a link, and another is text`() {
    #expect(
      Markdown.html(of: "Hi @Ada & @nobody", mentioning: ["ada"]) == """
        <p>Hi <a rel="nofollow ugc noopener" href="/v1/members/ada">@Ada</a> &amp; @nobody</p>

        """)
  }

  /// Inputs that took cmark-gfm seconds, or gigabytes: each must take time in proportion.
  @Test(arguments: [
    ">", "> ", "- ", "* ", "1. ", "[", "![", "[a](", "*a", "**a _b ", "_a*", "`", "~~a", "|a", "&",
    "<", "<a ", "<!--", "@a", "a@b ", "x@y.z_", "http://", "www.a", "](", "[a]", "\\", "a\n> ",
    "- a\n\t", "|a|\n|-|\n", ">\t", "- [ ] ", "***a", "<?", "![l", "@ada ", "[](a)",
  ])
  func `hostile texts cost no more than long ones`(unit: String) {
    let text = String(repeating: unit, count: 10_000 / unit.utf8.count)
    expectCheap(text)
  }

  @Test func `hostile tables and references cost no more than long texts`() {
    let wide =
      String(repeating: "|a", count: 1250) + "\n" + String(repeating: "|-", count: 1250)
      + "\n" + String(repeating: "a\n", count: 2500)
    expectCheap(wide)
    expectCheap(
      "[a]: /" + String(repeating: "x", count: 5000) + "\n\n"
        + String(repeating: "[a]", count: 1600))
    expectCheap(String(repeating: ">", count: 2500) + String(repeating: "\na", count: 3700))
    expectCheap(String(repeating: "- ", count: 32) + "x\n" + String(repeating: "a\n", count: 4900))
  }

  private func expectCheap(_ text: String) {
    let mentioned = Set(Markdown.mentions(in: text))
    var html = ""
    // The best of three: other tests want the processor too.
    let time =
      (0..<3).map { _ in
        ContinuousClock().measure { html = Markdown.html(of: text, mentioning: mentioned) }
      }.min() ?? .zero
    #expect(time < .milliseconds(200), "\(text.prefix(20)): \(time)")
    #expect(html.utf8.count < 40 * text.utf8.count, "\(text.prefix(20)): \(html.utf8.count)")
  }

  @Test func `texts are rendered at the same time without harm`() async {
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask {
          Markdown.html(of: "~~\(number)~~ www.a.example |")
            .hasPrefix("<p><del>\(number)</del> <a rel=")
        }
      }
      for await right in group { #expect(right) }
    }
  }
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
