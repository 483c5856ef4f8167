Rails.application.config.filter_parameters += %i[passw email secret token _key card_number]
