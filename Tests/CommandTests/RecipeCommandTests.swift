import Coinvent
import Foundation
import TestSupport
import Testing

@testable import Command

@Suite struct RecipeCommandTests {
  private static let naming = """
    {"slices": [{"slice": "inventor", "ppb": 500000000, "policy": "named"},
      {"slice": "naming", "ppb": 500000000, "policy": "equal"}], "unclaimed": "house"}
    """

  @Test func `a file is checked with every mistake at its place`() throws {
    let folder = try Folder()
    try folder.write(Self.naming, to: "good.json")
    try folder.write(
      #"{"slices": [{"slice": "luck", "ppb": 1}], "unclaimed": "x"}"#, to: "bad.json")
    try folder.write("{", to: "torn.json")
    let good = try Run.coinvent("recipe", "check", "\(folder.path)/good.json")
    #expect(good.code == 0 && good.out.contains("50 %  500000000 ppb  equal"), "\(good)")
    let bad = try Run.coinvent("recipe", "check", "\(folder.path)/bad.json")
    #expect(bad.code == 1, "\(bad)")
    for place in ["/slices/0/slice", "/slices/0/policy", "/unclaimed"] {
      #expect(bad.error.contains(place), "\(bad)")
    }
    #expect(try Run.coinvent("recipe", "check", "\(folder.path)/torn.json").code == 1)
    #expect(try Run.coinvent("recipe", "check", "\(folder.path)/none.json").code == 1)
  }

  @Test func `recipes are shown, compared and added`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func recipe(_ words: String...) throws -> Run {
        try Run.program(Run.executable, ["recipe"] + words, environment: environment)
      }
      let folder = try Folder()
      let file = "\(folder.path)/recipe.json"
      try folder.write(Self.naming, to: "recipe.json")
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator).description

      let shown = try recipe("show", "--json")
      try folder.write(shown.out, to: "shipped.json")
      let same = try recipe("diff", "0", "\(folder.path)/shipped.json")
      #expect(same.code == 0 && same.out == "  The recipes are the same.\n", "\(same)")
      let diff = try recipe("diff", "1", file, "--product", product)
      #expect(diff.out.contains("+8 %  +80000000 ppb"), "\(diff)")
      #expect(diff.out.contains("\(ada)  420000000 → 500000000 ppb"), "\(diff)")
      #expect(try recipe("diff", file, file).code == 0)

      let added = try recipe("add", file, "--reason", "Agreed.", "--product", product)
      #expect(added.code == 0 && added.out.hasPrefix("Recipe 2 is in force from"), "\(added)")
      #expect(try recipe("show", "2", "--product", product).out.contains(": Agreed.\n"))
      #expect(try recipe("add", file, "--reason", "Agreed.").code == 0)
      #expect(try recipe("show").out.hasPrefix("Default recipe 1, for ideas that open from"))
      let start = ["--from", "2999-01-01T00:00:00Z", "--reason", "Later."]
      func add(_ more: [String]) throws -> Int32 {
        try Run.program(
          Run.executable, ["recipe", "add", file] + more, environment: environment
        ).code
      }
      #expect(try add(start) == 0)
      #expect(try add(start) == 3)
      #expect(try add(["--from", "2001-01-01T00:00:00Z", "--reason", "Past."]) == 4)
      #expect(try add(["--from", "soon", "--reason", "Past."]) == 2)
      #expect(try add(["--reason", " "]) == 2)
      let nowhere = ProductID.new().description
      #expect(try add(["--reason", "None.", "--product", nowhere]) == 1)
      #expect(try recipe("show", "9").code == 1)
      #expect(try recipe("show", "--product", nowhere).code == 1)
      #expect(try recipe("diff", "9", file).code == 1)
      #expect(try recipe("diff", "1", file, "--product", nowhere).code == 1)
    }
  }
}
