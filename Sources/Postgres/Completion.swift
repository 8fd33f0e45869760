import CLibPQ

extension Connection {
  /// The server has answered a command and its sync: decides what its waiter hears.
  func complete(_ command: Command) {
    command.carrier = nil
    if command.sendsPrepare && !command.isPrepared {
      statements.forget(command.key, name: command.statement, isOnServer: false)
    }
    if command.sendsOpening && !command.isOpened { isBroken = true }
    defer { cancelNextIfAbandoned() }
    if command.isUnprepared {
      return
    } else if command.isDone {
      onRoom()
    } else if isCancelling && command.isCancelled {
      // Its exclusive owner goes on only when no cancellation can hit what it sends next.
      parked.append(command)
    } else {
      // The books first: whoever hears the answer may look at them at once.
      onRoom()
      settle(command)
    }
  }

  func settle(_ command: Command) {
    if command.isCancelled {
      stopGrace()
      command.resume(throwing: CancellationError())
    } else if let failure = command.failure {
      settle(command, failure)
    } else {
      command.resume(returning: QueryResult(box: command.result))
    }
  }

  private func settle(_ command: Command, _ failure: DatabaseError) {
    if failure.isFatal {
      lose(failure)
      command.resume(throwing: loss ?? failure)
      return
    }
    if failure.isStaleStatement {
      statements.forget(
        command.key, name: command.statement, isOnServer: failure.sqlState != "26000")
      if isShared, !command.isRepeatedForStatement {
        command.isRepeatedForStatement = true
        onRepeat(command)
        return
      }
    }
    if isShared, failure.isCancelled, isHitByNeighbour(command), command.repeats < 8 {
      command.repeats += 1
      onRepeat(command)
      return
    }
    command.resume(throwing: failure)
  }
}
