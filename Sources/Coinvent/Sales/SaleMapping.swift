import JSON

/// How the rows of somebody else's report become sale lines.
///
/// It is data: shipped, or stored in versions for a source. `Docs/sales.md` describes its JSON.
public struct SaleMapping: Sendable, Equatable {
  public enum Layout: String, Sendable, CaseIterable {
    /// A row is a line.
    case rows
    /// A row is an item of an order; what is said of the order stands in its first row.
    case orders
    /// A row is an amount, and those of an item make a line.
    case amounts
  }

  /// Where a value stands.
  public enum Place: Sendable, Equatable {
    /// The first of these columns that is there and not empty.
    case columns([String])
    case constant(String)
    /// All of these columns, with `-` between them.
    case joined([String])
  }

  /// Rows that say one of these words in a column; compared without case.
  public struct Words: Sendable, Equatable {
    public let column: String
    public let words: Set<String>
    public let reason: String
  }

  public var layout = Layout.rows
  public var delimiter = UInt8(ascii: ",")
  public var encoding = TextEncoding.utf8
  public var numbers = MappedNumbers.point
  /// Nil: a day that may be read both ways is refused.
  public var dates: DateOrder?
  public var fields: [String: Place] = [:]
  public var deductions: [String: Place] = [:]
  /// Our channel for what the report calls it.
  public var channels: [String: String] = [:]
  /// Our territory for what the report calls it, in small letters; empty for none.
  public var territories: [String: String] = [:]
  /// Columns that some reports lack. Any other one that is named and not there is a mistake.
  public var optional: Set<String> = []
  public var passOver: [Words] = []
  /// Rows of layout `rows` that are returns; without it those with a negative quantity are.
  public var returns: Words?
  public var totalRow: TotalRow?
  public var control: Control?
  public var orders = Orders()
  public var amounts = Amounts()

  /// The row in which the report says what it adds up to.
  public struct TotalRow: Sendable, Equatable {
    public let row: Words
    public let units: String?
    public let amount: String?
  }

  /// A column of amounts whose sum stands in another column, once.
  public struct Control: Sendable, Equatable {
    public let sum: String
    public let total: String
  }

  public struct Orders: Sendable, Equatable {
    public var by = ""
    /// Identifies an item in its order; its place there when there is no such column.
    public var item: String?
    public var carried: [String] = []
    public var discount: String?
    /// What all items come to after discounts: it tells which discounts are to be taken.
    public var subtotal: String?
    public var taxes: OrderTaxes?
    /// The units of a row that came back.
    public var refundedUnits: String?
    /// Money of a row that went back, where its units say nothing.
    public var refundedMoney: String?
    /// Money that went back for the order, and the order's own amount.
    public var refunded: (amount: String, of: String)?
    /// Orders that came back as a whole.
    public var refundedWhole: Words?

    public static func == (a: Orders, b: Orders) -> Bool {
      a.by == b.by && a.item == b.item && a.carried == b.carried && a.discount == b.discount
        && a.subtotal == b.subtotal && a.taxes == b.taxes
        && a.refundedUnits == b.refundedUnits && a.refundedMoney == b.refundedMoney
        && a.refunded?.amount == b.refunded?.amount
        && a.refunded?.of == b.refunded?.of && a.refundedWhole == b.refundedWhole
    }
  }

  public struct Amounts: Sendable, Equatable {
    public var group: [String] = []
    /// Columns that say what a row above said where they are empty.
    public var carried: [String] = []
    public var item = ""
    public var type = ""
    public var kind = ""
    public var amount = ""
    public var units = ""
    public var sales: Words?
    public var refunds: Words?
    /// Columns that tell several refunds of an item apart.
    public var refundID: [String] = []
    /// `type/description` of amounts that are the price, the discount, or a deduction; a
    /// description `*` is any other.
    public var price: Set<String> = []
    public var discount: Set<String> = []
    public var deductions: [(name: String, kinds: Set<String>)] = []

    public static func == (a: Amounts, b: Amounts) -> Bool {
      a.group == b.group && a.carried == b.carried && a.item == b.item && a.type == b.type
        && a.kind == b.kind
        && a.amount == b.amount && a.units == b.units && a.sales == b.sales
        && a.refunds == b.refunds && a.refundID == b.refundID && a.price == b.price
        && a.discount == b.discount && a.deductions.map(\.name) == b.deductions.map(\.name)
        && a.deductions.map(\.kinds) == b.deductions.map(\.kinds)
    }
  }

  /// Why a mapping cannot have this name; nil when it can.
  public static func fault(name: String) -> String? {
    SaleLineReader.isName(name, hyphens: true)
      ? nil : "must be 1 to 32 of a-z, 0-9, _ and -, the first a letter"
  }
}
