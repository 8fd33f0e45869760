import Coinvent
import JSON
import Ledger

extension PayoutOrder {
  /// What the provider's description of a transfer means for this order. A description of another
  /// key, amount or currency is not about it, whatever its state says.
  func judge(_ transfer: JSON) -> PayoutAnswer {
    guard transfer["key"]?.string == key,
      transfer["amount"]?.string == amount.decimal,
      transfer["currency"]?.string == amount.currency.code,
      transfer["recipient"]?.string == recipient,
      let id = transfer["id"]?.string
    else { return .unknown(why: "the provider describes another transfer than the one ordered") }
    switch transfer["state"]?.string {
    case "accepted": return .accepted(providerID: id)
    case "paid": return .paid(providerID: id)
    case "failed": return .failed(providerID: id, why: "the provider reports a failure")
    case "returned": return .returned(providerID: id, why: "the bank returned it")
    case let state?: return .unknown(why: "the provider reports the state \(state)")
    case nil: return .unknown(why: "the provider reports no state")
    }
  }
}
