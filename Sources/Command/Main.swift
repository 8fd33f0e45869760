import Coinvent

@main
enum Main {
  static func main() { print(embeddedMigrations.count) }
}
