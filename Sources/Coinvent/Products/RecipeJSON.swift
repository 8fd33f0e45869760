import JSON

extension Recipe {
  /// So many parts there can be: each role of each slice.
  public static let partLimit = Slice.allCases.count * ContributionRole.allCases.count

  /// Reads `{"slices":[{"slice","role","ppb","policy",…}, …],"unclaimed":"house"|"spread"}`.
  ///
  /// A part may have `cap_ppb` and `minimum_ppb`, an early-weighted one `step`, one by accuracy
  /// `tolerance_ppm`; without `role` it counts every role that no other part of the slice names.
  /// - Parameter pointer: where the object stands in the request, for error messages.
  /// - Throws: `Invalid` with every mistake at once.
  public init(json: JSON, at pointer: String = "") throws(Invalid) {
    var fields = try Fields(json, at: pointer)
    let unclaimed = fields.choice("unclaimed", of: Unclaimed.self)
    let written = fields.json("slices")?.array ?? []
    let parts = fields.list("slices", 1...Recipe.partLimit, Part.read)
    var faults = Recipe.twice(written)
    // The sum of some of the parts would say nothing.
    if !parts.isEmpty, parts.count == written.count, let fault = Recipe.unevenness(of: parts) {
      faults.append(("/slices", fault))
    }
    try fields.finish(and: faults)
    self.init(parts: parts, unclaimed: unclaimed)
  }

  private static func unevenness(of parts: [Part]) -> String? {
    let total = parts.reduce(0) { $0 + $1.ppb }
    if total == whole { return nil }
    let miss = total < whole ? "\(whole - total) too few" : "\(total - whole) too many"
    return "must add up to \(whole) ppb; these make \(total), \(miss)"
  }

  /// Parts that are named a second time.
  private static func twice(_ parts: [JSON]) -> [Invalid.Fault] {
    var seen: Set<String> = []
    return parts.enumerated().compactMap { place, part in
      guard let slice = part["slice"]?.string else { return nil }
      let name = "\(slice)/\(part["role"]?.string ?? "")"
      if seen.insert(name).inserted { return nil }
      return ("/slices/\(place)", "names a slice and role that stand above")
    }
  }

  public var json: JSON {
    ["slices": .array(parts.map(\.json)), "unclaimed": .string(unclaimed.rawValue)]
  }
}

extension Recipe.Part {
  fileprivate static func read(_ part: inout Fields) throws(Invalid) -> Recipe.Part {
    let slice = part.choice("slice", of: Slice.self)
    let role = part.optionalChoice("role", of: ContributionRole.Written.self)?.role ?? .any
    let ppb = part.whole("ppb", in: 1...Recipe.whole)
    let policy = part.optionalChoice("policy", of: SlicePolicy.self, isRequired: true)
    let step = part.optionalWhole("step", in: 1...1_000_000)
    let tolerance = part.optionalWhole("tolerance_ppm", in: 1...1_000_000)
    let cap = part.optionalWhole("cap_ppb", in: 1...Recipe.whole)
    let minimum = part.optionalWhole("minimum_ppb", in: 1...Recipe.whole)
    if let policy {
      if step != nil && policy != .earlyWeighted {
        part.note("step", "is a figure of early_weighted only")
      }
      if tolerance != nil && policy != .accuracy {
        part.note("tolerance_ppm", "is a figure of accuracy only")
      }
    }
    if let cap, let minimum, cap < minimum {
      part.note("minimum_ppb", "must be at most cap_ppb, \(cap)")
    }
    return Recipe.Part(
      slice: slice, role: role, ppb: ppb, policy: policy ?? .equal, step: step,
      tolerancePPM: tolerance, cap: cap, minimum: minimum)
  }

  var json: JSON {
    var part = JSONObject()
    part["slice"] = .string(slice.rawValue)
    if role != .any { part["role"] = .string(role.rawValue) }
    part["ppb"] = .int(ppb)
    part["policy"] = .string(policy.rawValue)
    for (name, figure) in [
      ("step", step), ("tolerance_ppm", tolerancePPM), ("cap_ppb", cap), ("minimum_ppb", minimum),
    ] {
      if let figure { part[name] = .int(figure) }
    }
    return .object(part)
  }
}
