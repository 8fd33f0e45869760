import JSON
import Ledger
import Postgres

extension Proof {
  static let format = "coinvent proof v1"

  /// As `coinvent proof` writes it and the API answers; `Docs/proof.md` explains each field.
  public var json: JSON {
    [
      "format": .string(Proof.format), "member": .string(member.description),
      "settlements": .array(settlements.map(\.json)), "payouts": .array(payouts.map(\.json)),
    ]
  }

  /// The bytes of a file.
  public var file: [UInt8] { json.bytes(pretty: true) + [10] }
}

extension Proof.Lines {
  var json: JSON {
    [
      "settlement": .string(lines.settlement.description), "salt": .string(Digest.hex(salt)),
      "lines": .array(lines.lines.map(\.json)), "index": .int(Int64(index)),
      "leaves": .int(Int64(leaves)), "path": Proof.hashes(path),
      "moment": .string(moment.description), "chain": chain.json,
    ]
  }
}

extension MemberLines.Line {
  var json: JSON {
    [
      "product": .string(product.description), "contract_version": .int(Int64(contractVersion)),
      "share_version": .int(Int64(shareVersion)), "currency": .string(currency.code),
      "kind": .string(kind.rawValue), "share_ppb": .int(ppb),
      "pool_before": .string(NineDigits.text(before)),
      "pool_after": .string(NineDigits.text(after)), "amount": .string(NineDigits.text(amount)),
    ]
  }
}

extension Proof.Step {
  var json: JSON {
    [
      "payout": .string(step.payout.description), "step": .int(Int64(step.step)),
      "rail": .string(step.rail.rawValue), "from": .string(step.from.rawValue),
      "to": .string(step.to.rawValue), "amount": .string(NineDigits.text(step.amount.nanos)),
      "currency": .string(step.amount.currency.code), "moment": .string(step.moment.description),
      "chain": chain.json,
    ]
  }
}

extension Proof.Chained {
  var json: JSON {
    [
      "number": .int(number), "previous": .string(Digest.hex(previous)),
      "following": Proof.hashes(following), "checkpoint": .string(checkpoint),
      "key": .string(key.description),
    ]
  }
}

extension Proof {
  fileprivate static func hashes(_ hashes: [[UInt8]]) -> JSON {
    .array(hashes.map { .string(Digest.hex($0)) })
  }
}
