/// The style sheet of all pages.
public enum Style {
  public static let bytes = Array(text.utf8)

  static let text = """
    :root { color-scheme: light dark; --ink: #1d2329; --paper: #ffffff; --line: #c6ccd2;
      --link: #0b4f8a; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e9edf1; --paper: #14181c;
      --line: #454d55; --link: #8fc5f4; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--paper);
      color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
    a { color: var(--link); }
    h1, h2 { line-height: 1.2; overflow-wrap: anywhere; }
    table { width: 100%; border-collapse: collapse; margin: 0.5rem 0; }
    caption { text-align: left; padding: 0.25rem 0; }
    th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.5rem 0.35rem 0;
      border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    tbody th { font-weight: normal; }
    .number { text-align: right; font-variant-numeric: tabular-nums; }
    code, a { overflow-wrap: anywhere; }
    tfoot th, tfoot td { font-weight: bold; }
    .account .number, .product .number { white-space: nowrap; overflow-wrap: normal; }
    .product tbody th, .product tfoot th { overflow-wrap: normal; }
    .recipe { display: block; width: 100%; height: 2.5rem; border: 1px solid var(--line); }
    .curve { display: block; width: 100%; height: auto; border: 1px solid var(--line); }
    .curve polyline { fill: none; stroke-width: 4; } .curve .axis { stroke: var(--line); }
    .curve .owed { stroke: var(--link); }
    .curve .aside { stroke: var(--ink); stroke-dasharray: 12 6; }
    .legend .owed { color: var(--link); }
    .mark { width: 0.7rem; height: 0.7rem; }
    .part0 { fill: #0b4f8a; } .part1 { fill: #c25a00; } .part2 { fill: #2c7a3f; }
    .part3 { fill: #8a2f6b; } .part4 { fill: #b8930a; } .part5 { fill: #3d8f8f; }
    .part6 { fill: #a33636; } .part7 { fill: #5b5fc7; } .part8 { fill: #6f7d1f; }
    .part9 { fill: #d07b9d; } .part10 { fill: #5d6b78; } .part11 { fill: #8c5a2b; }
    @media print {
      :root { --ink: #000000; --paper: #ffffff; --line: #999999; --link: #000000; }
      @page { margin: 16mm; }
      body { max-width: none; padding: 0; font-size: 10pt; }
      header, footer { display: none; }
      .product { break-before: page; }
      .product + .account, .product + section { break-before: page; }
      thead { display: table-header-group; }
      tr, h2 { break-inside: avoid; } h2, caption { break-after: avoid; }
    }

    """
}
