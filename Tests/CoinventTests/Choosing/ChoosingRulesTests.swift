import Coinvent
import JSON
import Testing

@Suite struct ChoosingRulesTests {
  private func pointers(_ json: JSON, _ choosing: Choosing) -> [String] {
    do {
      _ = try ChoosingRules(json: json, at: "/rules", choosing: choosing)
      return []
    } catch {
      return error.fields.map(\.pointer)
    }
  }

  @Test func `rules that say nothing have their defaults, and read what they write`() throws {
    let juror = MemberID.new()
    let given: [(Choosing, JSON, JSON)] = [
      (.votes, [:], ["votes_per_member": 10, "leaders": 10]),
      (.duels, [:], ["model": "bradley_terry", "duels_per_member": 100, "leaders": 10]),
      (
        .ratings, ["criteria": ["fun"]],
        ["criteria": ["fun"], "rated_part_ppm": 750_000, "leaders": 10]
      ),
      (
        .jury, ["jurors": [.string("\(juror)")], "leaders": 3],
        ["jurors": [.string("\(juror)")], "leaders": 3]
      ),
      (.survey, [:], ["complete_fields": [], "leaders": 10]),
      (
        .guesses, ["currency": "EUR"],
        ["currency": "EUR", "tolerance_ppm": 250_000, "leaders": 10]
      ),
      (.curator, [:], ["leaders": 10]),
    ]
    #expect(Set(given.map(\.0)) == Set(Choosing.allCases))
    for (choosing, json, whole) in given {
      let rules = try ChoosingRules(json: json, choosing: choosing)
      #expect(rules.json == whole)
      #expect(try ChoosingRules(json: rules.json, choosing: choosing) == rules)
    }
  }

  @Test func `every mistake is named at once`() {
    #expect(
      pointers(["votes_per_member": 100_001, "leaders": 0, "model": "elo"], .votes)
        == ["/rules/leaders", "/rules/votes_per_member", "/rules/model"])
    #expect(
      pointers(["model": "chess", "duels_per_member": 0], .duels)
        == ["/rules/model", "/rules/duels_per_member"])
    #expect(
      pointers(["criteria": ["fun", "fun"], "rated_part_ppm": 1_000_001], .ratings)
        == ["/rules/criteria", "/rules/rated_part_ppm"])
    #expect(pointers([:], .ratings) == ["/rules/criteria"])
    #expect(pointers(["jurors": []], .jury) == ["/rules/jurors"])
    #expect(pointers(["complete_fields": [1]], .survey) == ["/rules/complete_fields"])
    #expect(
      pointers(["currency": "ABC", "tolerance_ppm": 0], .guesses)
        == ["/rules/currency", "/rules/tolerance_ppm"])
    #expect(pointers(["votes_per_member": 1], .curator) == ["/rules/votes_per_member"])
    #expect(pointers([], .curator) == ["/rules"])
  }
}
