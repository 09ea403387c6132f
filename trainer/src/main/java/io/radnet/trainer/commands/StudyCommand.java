package io.radnet.trainer.commands;

import picocli.CommandLine.Command;

/** {@code radnet study}: measurements that need many training runs. */
@Command(
    name = "study",
    description = "Measure what a backbone is worth, by many training runs.",
    subcommands = TransferCommand.class)
final class StudyCommand {}
