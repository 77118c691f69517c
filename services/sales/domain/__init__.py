"""The rules of sales: values and functions without Flask, MongoDB, Kafka or clock."""
