# Sources a loader and prints what it made of the hard table.
source(commandArgs(trailingOnly = TRUE)[1], chdir = TRUE)
items <- study$items
cat(nrow(items), ncol(items), "\n")
cat(levels(items$state), "\n")
cat(attr(items[["needs-6.n01"]], "label"), "\n")
cat(paste0(attr(items[["needs-6.n01"]], "labels"), "=", names(attr(items[["needs-6.n01"]], "labels"))), "\n")
cat(format(items$opened[2], "%Y-%m-%dT%H:%M:%OS2", tz = "UTC"), class(items$day), class(items$late), "\n")
cat(items[["needs-6.n01_missing"]][3], items[["own.words"]][2], "\n")
