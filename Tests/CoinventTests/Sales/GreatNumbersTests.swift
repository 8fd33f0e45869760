import Foundation
import JSON
import Postgres
import Testing

@testable import Coinvent

/// Numbers at the end of what fits: each is a line, or an error with its place, and none stops the
/// process.
@Suite struct GreatNumbersTests {
  private static let amounts = [
    "9223372036.854775807", "-9223372036.854775808", "-9223372036.854775807",
    "9223372036.854775808", "0.000000001",
  ]
  private static let units = [
    "9223372036854775807", "-9223372036854775808", "-9223372036854775807", "1",
  ]

  /// What becomes of a file's lines: they are read, or refused at a row.
  private func read(_ text: String, _ shipped: ShippedMapping) throws -> (lines: Int, wrong: Int) {
    let path = NSTemporaryDirectory() + "great-\(MemberID.new()).csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { unlink(path) }
    let file = try MappedFile(path: path, mapping: try shipped.mapping())
    var (lines, wrong) = (0, 0)
    while true {
      do {
        guard try file.next() != nil else { return (lines, wrong) }
        lines += 1
      } catch let fault as Invalid {
        #expect(fault.description.contains("row "))
        wrong += 1
      }
    }
  }

  @Test func `Shopify's`() throws {
    var refused = 0
    for amount in Self.amounts {
      for units in Self.units {
        let found = try read(
          """
          Name,Paid at,Currency,Total,Discount Amount,Refunded Amount,Lineitem quantity,\
          Lineitem price,Lineitem sku
          #1,2026-02-01 09:50:26 +0200,USD,\(amount),\(amount),\(amount),\(units),\(amount),LAMP
          #1,,,,,,\(units),\(amount),LAMP
          #1,,,,,,1,9223372036.854775807,LAMP

          """, .shopify)
        #expect(found.lines + found.wrong > 0)
        refused += found.wrong
      }
    }
    #expect(refused > 10)
  }

  @Test func `WooCommerce's`() throws {
    var refused = 0
    for amount in Self.amounts {
      for units in Self.units {
        let found = try read(
          """
          order_id,status,date,order_currency,item_id,item_name,item_sku,item_quantity,\
          item_subtotal,item_total,item_refunded_qty,item_refunded
          1,completed,2026-02-01 10:00:00,EUR,1,Lamp,LAMP,\(units),\(amount),\(amount),\(units),\
          \(amount)
          1,completed,2026-02-01 10:00:00,EUR,2,Lamp,LAMP,3,9223372036.854775807,\(amount),,\
          \(amount)

          """, .woocommerce)
        #expect(found.lines + found.wrong > 0)
        refused += found.wrong
      }
    }
    #expect(refused > 10)
  }

  @Test func `Amazon's`() throws {
    let columns = [
      "settlement-id", "total-amount", "currency", "transaction-type", "order-id",
      "adjustment-id", "marketplace-name", "posted-date", "order-item-code", "sku", "amount-type",
      "amount-description", "amount", "quantity-purchased",
    ]
    var refused = 0
    for amount in Self.amounts {
      for units in Self.units {
        var text = columns.joined(separator: "\t") + "\n"
        for kind in ["Order", "Refund"] {
          for (type, what) in [
            ("ItemPrice", "Principal"), ("ItemPrice", "Principal"), ("Promotion", "Principal"),
            ("ItemFees", "Commission"),
          ] {
            let row = [
              "1", "", "USD", kind, "O1", "A1", "Amazon.com", "2026-02-01", "I1", "LAMP", type,
              what, amount, units,
            ]
            text += row.joined(separator: "\t") + "\n"
          }
        }
        let found = try read(text, .amazon)
        refused += found.wrong
      }
    }
    #expect(refused > 10)
  }

  @Test func `Shopify's deliveries`() throws {
    for amount in Self.amounts {
      for units in [Int64.max, .min, -.max, 1] {
        let item: JSON = [
          "id": 7, "sku": "LAMP", "quantity": .int(units), "price": .string(amount),
          "discount_allocations": [["amount": .string(amount)], ["amount": .string(amount)]],
        ]
        let order: JSON = [
          "id": 1, "currency": "USD", "processed_at": "2026-02-03T10:00:00-05:00",
          "line_items": [item, item],
        ]
        let refund: JSON = [
          "id": 9, "order_id": 1, "created_at": "2026-02-05T10:00:00-05:00",
          "refund_line_items": [
            [
              "id": 3, "line_item_id": 7, "quantity": .int(units), "subtotal": .string(amount),
              "line_item": item,
            ]
          ],
        ]
        let money: JSON = [
          "id": 9, "order_id": 1, "created_at": "2026-02-05T10:00:00-05:00",
          "refund_line_items": [],
          "transactions": [
            ["kind": "refund", "amount": .string(amount), "currency": "USD"],
            ["kind": "refund", "amount": .string(amount), "currency": "USD"],
          ],
          "order_adjustments": [["kind": "shipping_refund", "amount": .string(amount)]],
        ]
        for json in [order, refund, money] { refusesOrReads(json, .shopify) }
      }
    }
  }

  @Test func `WooCommerce's deliveries`() throws {
    for amount in Self.amounts {
      for units in [Int64.max, .min, -.max, 1] {
        let order: JSON = [
          "id": 1, "status": "processing", "currency": "EUR",
          "date_created_gmt": "2026-02-06T08:00:00",
          "refunds": [["id": 5, "total": .string(amount)], ["id": 6, "total": .string(amount)]],
          "line_items": [
            [
              "id": 1, "sku": "LAMP", "quantity": .int(units), "subtotal": .string(amount),
              "total": .string(amount),
            ]
          ],
        ]
        refusesOrReads(order, .woocommerce)
      }
    }
  }

  private func refusesOrReads(_ json: JSON, _ signer: HookSecrets.Signer) {
    do {
      for line in try HookOrder(json, from: signer).lines { #expect(line.quantity != 0) }
    } catch {
      #expect(error is Invalid, "\(error)")
    }
  }
}
