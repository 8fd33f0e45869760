/// Every command, in the order of help: a new command is one file in `Commands/` and a line here.
let allCommands: [any Command.Type] = [
  ServeCommand.self,
  MigrateCommand.self,
  DoctorCommand.self,
  MembersCreateCommand.self,
  MembersListCommand.self,
  TokensCreateCommand.self,
  TokensListCommand.self,
  TokensRevokeCommand.self,
  SalesImportCommand.self,
  SettleCommand.self,
  VerifyCommand.self,
  CompletionsCommand.self,
  HelpCommand.self,
  VersionCommand.self,
]
