import Coinvent
import Testing

@testable import Web

@Suite struct HTMLTests {
  @Test func `what members have written is never markup`() {
    let words = "<script>alert('x')</script> & \"more\""
    let page: HTML = "<p title=\"\(words)\">\(words)</p>"
    let safe = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;"
    #expect(page.text == "<p title=\"\(safe)\">\(safe)</p>")
    let nested: HTML = "<div>\(page)\([page, page])\(7 as Int64)</div>"
    #expect(nested.text == "<div>\(page.text)\(page.text)\(page.text)7</div>")
  }

  @Test func `parts per billion are read as percent, to the last`() {
    let texts = [0, 1, 1_000_000_000, 420_000_000, 33_333_333, 12_500_000].map {
      Recipe.percent($0) + " %"
    }
    #expect(texts == ["0 %", "0.0000001 %", "100 %", "42 %", "3.3333333 %", "1.25 %"])
  }
}
