import Glibc

signal(SIGPIPE, SIG_IGN)
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments == ["--help"] {
  print(Options.help)
  exit(0)
}
do {
  let options = try Options(arguments)
  var loader = try Loader(options)
  let report = loader.run()
  if let log = options.log { try report.writeLog(to: log) }
  print(report.json)
} catch {
  let text = "coinvent-load: \(error.message)\n"
  _ = write(2, text, text.utf8.count)
  exit(2)
}
