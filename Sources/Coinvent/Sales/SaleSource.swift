/// Where sale lines come from: the first part of their natural key.
public enum SaleSource {
  /// What presales write themselves when they are charged.
  static let presale = "presale"

  /// Why lines from outside cannot have this source; nil when they can.
  public static func fault(_ source: String) -> String? {
    source == presale ? "belongs to presales, which write their sales themselves" : nil
  }
}
