"""OpenTelemetry: requests of traces and logs, in JSON and in protobuf, in all the words that agents use."""
