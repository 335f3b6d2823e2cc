// placeholder: delete
